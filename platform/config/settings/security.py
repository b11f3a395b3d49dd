"""Cookies, headers, limits and keys."""

from datetime import time

from csp.constants import NONE, SELF

from config.settings.apps import MODE, PORT, VAR
from config.settings.environment import read_for

_ENV = read_for()
_SECURE = MODE == "production"
# where the demo's own identity platform stands (config.demo_platform); production has none
DEMO_PLATFORM = "/demo-identity-platform"

SECRET_KEY: str = _ENV["SECRET_KEY"]
FIELD_KEY: str = _ENV["FIELD_KEY"]
OLD_FIELD_KEYS: list[str] = _ENV["OLD_FIELD_KEYS"]
DEBUG: bool = _ENV["DEBUG"]
# the halls' hosts are rows: HallMiddleware answers an unknown one with a page that leads on
ALLOWED_HOSTS = _ENV["ALLOWED_HOSTS"] if _SECURE else ["*"]
TRUSTED_PROXIES: list[str] = _ENV["TRUSTED_PROXIES"]
DEMO_PEOPLE_ALLOWED = MODE == "demo"

# no cookie has a Domain: each host has its own session
SESSION_COOKIE_NAME = "__Host-session" if _SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _SECURE else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "accounts.sessions"

SECURE_SSL_REDIRECT = _SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE and TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# whose second factor, password age and password history are demanded (accounts.demands)
SECOND_FACTOR_ROLES: frozenset[str] = (
    frozenset({"all"} if _SECURE else ()) if _ENV["SECOND_FACTOR"] is None else _ENV["SECOND_FACTOR"]
)
# where the names that SECOND_FACTOR may hold are declared
ROLES = ("accounts.enums.CityRole", "tenants.hall.enums.PostRole")
IDLE_MINUTES: int = _ENV["IDLE_MINUTES"]
# what signing in asks of the layers above accounts (accounts/places.py)
HALL_OF_HOST = "tenants.shared.queries.hall_of"
CITY = "tenants.shared.queries.city"
POSTS_OF = "tenants.hall.services.door.posts_at_the_door"
HALLS = "tenants.shared.queries.halls"
SMS_BACKEND: str = _ENV["SMS_BACKEND"]
SMS_URL: str = _ENV["SMS_URL"]
SMS_KEY: str = _ENV["SMS_KEY"]

# who somebody is: the register of names and numbers, and the national identity platform (the demo brings one of its own)
IDENTITY_CHECK_URL: str = _ENV["IDENTITY_CHECK_URL"]
IDENTITY_CHECK_KEY: str = _ENV["IDENTITY_CHECK_KEY"]
_OWN_PLATFORM = MODE == "demo" and not _ENV["OIDC_ISSUER"]
OIDC_ISSUER: str = f"http://127.0.0.1:{PORT}{DEMO_PLATFORM}" if _OWN_PLATFORM else _ENV["OIDC_ISSUER"]
OIDC_CLIENT_ID: str = "demo" if _OWN_PLATFORM else _ENV["OIDC_CLIENT_ID"]
OIDC_CLIENT_SECRET: str = SECRET_KEY if _OWN_PLATFORM else _ENV["OIDC_CLIENT_SECRET"]
OIDC_SCOPE: str = _ENV["OIDC_SCOPE"]
OIDC_NAME_CLAIM: str = _ENV["OIDC_NAME_CLAIM"]
OIDC_NUMBER_CLAIM: str = _ENV["OIDC_NUMBER_CLAIM"]
SMS_A_MINUTE: int = _ENV["SMS_A_MINUTE"]
QUIET_HOURS: tuple[time, time] = _ENV["QUIET_HOURS"]

MAIL_A_MINUTE: int = _ENV["MAIL_A_MINUTE"]
MAIL_BACKEND: str = _ENV["MAIL_BACKEND"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST: str = _ENV["MAIL_HOST"]
EMAIL_PORT: int = _ENV["MAIL_PORT"]
EMAIL_HOST_USER: str = _ENV["MAIL_USER"]
EMAIL_HOST_PASSWORD: str = _ENV["MAIL_PASSWORD"]
EMAIL_USE_TLS = _ENV["MAIL_TLS"] == "starttls"
EMAIL_USE_SSL = _ENV["MAIL_TLS"] == "tls"
DEFAULT_FROM_EMAIL: str = _ENV["MAIL_FROM"]

# what papers are signed with (cases.shared.signing)
SIGNING_KEY: str = _ENV["SIGNING_KEY"] or str(VAR / "signing" / "demo.p12")
SIGNING_PASSPHRASE: str = _ENV["SIGNING_PASSPHRASE"]
SIGNING_MODULE: str = _ENV["SIGNING_MODULE"]
SIGNING_SLOT: str = _ENV["SIGNING_SLOT"]
SIGNING_LABEL: str = _ENV["SIGNING_LABEL"]
SIGNING_FORMER: str = _ENV["SIGNING_FORMER"]

WEBHOOK_NETWORKS: list[str] = _ENV["WEBHOOK_NETWORKS"]
PAYMENT_PROVIDER: str = _ENV["PAYMENT_PROVIDER"]
PAYMENT_URL: str = _ENV["PAYMENT_URL"]
PAYMENT_SECRET: str = _ENV["PAYMENT_SECRET"]
