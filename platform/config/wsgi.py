"""The web process. In production it refuses to run with the owner's login in reach."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
if settings.MODE == "production" and "owner" in settings.DATABASES:
    raise ImproperlyConfigured(
        "the web process must not have DATABASE_URL: give it WEB_ and GATE_DATABASE_URL only"
    )

application = get_wsgi_application()

from accounts import demands  # noqa: E402 -- needs the apps

demands.refuse_unknown()
if settings.MODE == "demo" and settings.OIDC_ISSUER.endswith(settings.DEMO_PLATFORM):
    from config.demo_platform import Platform, beside

    application = beside(
        application, Platform(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)
    )
