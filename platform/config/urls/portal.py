"""The portal's addresses."""

from django.urls import URLPattern, URLResolver, include, path

from config.urls import health
from config.urls.describe import description

urlpatterns: list[URLPattern | URLResolver] = [
    *health.urlpatterns,
    path("", include("theming.urls")),
    path("city/theme/", include("theming.urls_city")),
    path("", include("accounts.urls_portal")),
    path("", include("portal.urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("portal.api.urls")),
    path("api/v1/schema/", description("config.urls.portal"), name="api-schema"),
]
handler403 = "theming.refused.permission_denied"
