"""Signing in, out and up at the portal, and the way into a hall."""

from django.urls import URLPattern, URLResolver, path

from accounts.urls_security import urlpatterns as security
from accounts.views import account, agents, door, identity, notices, phone, register, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.portal, name="sign-in"),
    path("sign-in/code/", register.ask_phone, {"is_new": False}, name="sign-in-code"),
    path("sign-in/code/check/", register.check_code, {"is_new": False}, name="sign-in-code-check"),
    path("sign-in/who/", register.who, name="sign-in-who"),
    path("sign-in/not-me/", register.not_me, name="sign-in-not-me"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("register/", register.ask_phone, {"is_new": True}, name="register"),
    path("register/code/", register.check_code, {"is_new": True}, name="register-code"),
    path("register/person/", register.ask_person, name="register-person"),
    path("enter/", door.enter, name="enter-hall"),
    path("account/", account.account, name="account"),
    *security,
    path("account/identity/", identity.index, name="identity"),
    path("account/identity/platform/", identity.platform, name="identity-platform"),
    path("account/identity/callback/", identity.callback, name="identity-callback"),
    path("account/identity/code/", identity.window_code, name="identity-code"),
    path("account/phone/", phone.ask, name="account-phone"),
    path("account/phone/code/", phone.check, name="account-phone-code"),
    path("account/notices/", notices.notices, name="account-notices"),
    path("account/notices/mail/", notices.mail, name="account-mail"),
    path("account/notices/mail/code/", notices.mail_code, name="account-mail-code"),
    path("account/notices/mail/drop/", notices.mail_drop, name="account-mail-drop"),
    path("account/notices/phone/", notices.phone_works, name="account-phone-works"),
    path("account/companies/add/", account.company_add, name="company-add"),
    path("account/companies/<str:uscc>/agents/", agents.agents, name="company-agents"),
    path("account/companies/<str:uscc>/agents/<uuid:person>/end/", agents.end, name="company-agent-end"),
    path("account/companies/leave/", account.company_leave, name="company-leave"),
]
