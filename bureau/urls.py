"""Addresses of the ground floor: signing in, one's own account."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from bureau.views import account, signing_in

urlpatterns = [
    path("audit/", include("bureau.trail.urls")),
    path("account/", account.account, name="account"),
    path("account/login/", login_not_required(signing_in.SignInView.as_view()), name="login"),
    path("account/logout/", views.LogoutView.as_view(), name="logout"),
    path("account/password/", signing_in.password_change, name="password_change"),
    path("account/sessions/end/", account.end_sessions, name="end_sessions"),
]
