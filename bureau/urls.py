"""Signing in and out, and changing one's password."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path, reverse_lazy

from bureau.views import account

urlpatterns = [
    path("account/", account, name="account"),
    path(
        "account/login/",
        login_not_required(
            views.LoginView.as_view(template_name="account/login.html", redirect_authenticated_user=True)
        ),
        name="login",
    ),
    path("account/logout/", views.LogoutView.as_view(), name="logout"),
    path(
        "account/password/",
        views.PasswordChangeView.as_view(
            template_name="account/password_change.html", success_url=reverse_lazy("account")
        ),
        name="password_change",
    ),
]
