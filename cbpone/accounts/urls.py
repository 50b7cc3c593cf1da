"""The few doors of django-allauth that this portal has: codes by e-mail, no passwords."""

from allauth.account import views as allauth
from django.urls import path

from cbpone.accounts.views import entry as views

urlpatterns = [
    path("login/", views.enter, name="account_login"),
    path("login/code/", views.enter, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_code, name="account_confirm_login_code"),
    path("signup/", views.enter, name="account_signup"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("email/", views.address, name="account_email"),
    path(
        "confirm-email/",
        views.address_code,
        name="account_email_verification_sent",
    ),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("recover/", views.recover, name="account_recover"),
    path("recovery-codes/", views.recovery_codes, name="account_recovery_codes"),
]
