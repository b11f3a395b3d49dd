"""Apps, middleware, templates, language, static files and the API."""

from config.settings.environment import ROOT, read_for

_ENV = read_for()

MODE: str = _ENV["MODE"]
PORT: int = _ENV["PORT"]
VAR = _ENV["VAR"]
PROJECT_ROOT = ROOT

SHARED_APPS = [
    "django_tenants",
    "tenants.shared",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "accounts",
    "audit",
    "theming",
    "catalog.shared",
    "cases.shared",
    "portal",
]
# audit stands in both lists on purpose: every schema keeps its own append-only rows.
TENANT_APPS = ["tenants.hall", "catalog.hall", "cases.hall", "audit"]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
TENANT_MODEL = "tenants_shared.Hall"
TENANT_DOMAIN_MODEL = "tenants_shared.Domain"
# django-tenants' own helpers reach the owner's connection or nothing: the web process has no such alias.
TENANT_DB_ALIAS = "owner"
# the path is sent when it changes or was rolled back, not before each statement
TENANT_LIMIT_SET_CALLS = True
AUTH_USER_MODEL = "accounts.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "config.addresses.PlainQueryMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.compression.TextGZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.shared.middleware.HallMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.middleware.PersonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tenants.shared.middleware.ScopeMiddleware",
    "tenants.hall.middleware.PostsMiddleware",
]
ROOT_URLCONF = "config.urls.portal"
HALL_URLCONF = "config.urls.hall"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "theming.context.look",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "theming.templatetags.ui"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_USE_FINDERS = MODE == "demo"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "cases": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": _ENV["FILES"] or VAR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "demo"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "config.uploads.CarefulFileHandler",
]
SCANNER: str = _ENV["SCANNER"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# an item with sixty materials is edited on one page
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1500
DATA_UPLOAD_MAX_NUMBER_FILES = 30

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "accounts.api.pagination.Pages",
    "EXCEPTION_HANDLER": "accounts.api.errors.answer",
    "UNAUTHENTICATED_USER": None,
    "PAGE_SIZE": 20,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Online government service halls",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "COMPONENT_SPLIT_REQUEST": True,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": _ENV["LOG_LEVEL"]},
}
