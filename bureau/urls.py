"""Addresses of the ground floor: signing in, one's own account, accounts and grants, hand-overs, the audit trail."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from bureau.tables_out import both
from bureau.views import account, accounts, grants, handovers, signing_in, tokens, workdays

urlpatterns = [
    path("audit/", include("bureau.trail.urls")),
    path("account/", account.account, name="account"),
    path("account/login/", login_not_required(signing_in.SignInView.as_view()), name="login"),
    path("account/logout/", views.LogoutView.as_view(), name="logout"),
    path("account/password/", signing_in.password_change, name="password_change"),
    path("account/sessions/end/", account.end_sessions, name="end_sessions"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    *both("account/tokens/list", tokens.token_list, "token_list"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="token_revoke"),
    path("account/handover/new/", handovers.handover_new, name="handover_new"),
    path("account/handover/<int:pk>/", handovers.handover, name="handover"),
    path("accounts/", accounts.account_list, name="account_list"),
    *both("accounts/list", accounts.account_list_csv, "account_list"),
    path("accounts/roles/", accounts.role_matrix, name="role_matrix"),
    *both("accounts/roles", accounts.role_matrix_csv, "role_matrix"),
    path("accounts/new/", accounts.account_new, name="account_new"),
    path("accounts/requests/<int:pk>/", grants.grant_request, name="grant_request"),
    path("accounts/<int:pk>/", accounts.account_detail, name="account_detail"),
    *both("accounts/<int:pk>/grants/list", accounts.account_grants_table, "account_grants"),
    path("accounts/<int:pk>/edit/", accounts.account_edit, name="account_edit"),
    path("accounts/<int:pk>/grants/new/", grants.grant_new, name="grant_new"),
    path("accounts/<int:pk>/grants/<int:grant>/end/", grants.grant_end, name="grant_end"),
    path("workdays/", workdays.workdays, name="workdays_now"),
    path("workdays/<int:year>/", workdays.workdays, name="workdays"),
    *both("workdays/<int:year>", workdays.workdays_csv, "workdays"),
    path("accounts/<int:pk>/handover/", handovers.handover_for, name="handover_for"),
]
