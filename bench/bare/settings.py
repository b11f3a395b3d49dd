"""The product's settings less everything that this project adds to a request: what is left is a bare Django."""

from config.settings import *  # noqa: F403
from config.settings import DATABASES as PRODUCT_DATABASES
from config.settings import INSTALLED_APPS as PRODUCT_APPS
from config.settings import TEMPLATES as PRODUCT_TEMPLATES

INSTALLED_APPS = [*(app for app in PRODUCT_APPS if app != "django_tenants"), "bench.bare"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare.urls"
# connections are kept as long as the product's, and not asked first whether they live
DATABASES = {
    "default": {
        **PRODUCT_DATABASES["owner"],
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": False,
    }
}
DATABASE_ROUTERS: list[str] = []
TEMPLATES = [
    {**PRODUCT_TEMPLATES[0], "OPTIONS": {"builtins": PRODUCT_TEMPLATES[0]["OPTIONS"]["builtins"]}}  # type: ignore[index]
]
