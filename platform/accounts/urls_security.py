"""What stands between a password and a session, and a person's own page of security: at the portal and in every hall."""

from django.urls import URLPattern, URLResolver, path

from accounts.views import account, entering, security

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/second/", entering.prove, name="sign-in-second"),
    path("sign-in/second/recovery/", entering.recover, name="sign-in-recovery"),
    path("sign-in/set-up/", entering.set_up, name="sign-in-set-up"),
    path("sign-in/set-up/passkey/", entering.set_up, {"is_passkey": True}, name="sign-in-set-up-passkey"),
    path("sign-in/password/", entering.new_password, name="sign-in-password"),
    path("account/password/", account.password, name="account-password"),
    path("account/confirm/", account.confirm, name="account-confirm"),
    path("account/security/", security.security, name="security"),
    path("account/security/totp/", security.add, {"is_passkey": False}, name="security-totp"),
    path("account/security/passkey/", security.add, {"is_passkey": True}, name="security-passkey"),
    path("account/security/codes/", security.recovery_codes, name="security-codes"),
    path("account/security/<uuid:pk>/remove/", security.remove, name="security-remove"),
    path("account/security/session/end/", security.end_session, name="security-session-end"),
    path("account/security/token/end/", security.end_token, name="security-token-end"),
    path("account/session/", security.left, name="session-left"),
]
