"""A hall's addresses."""

from django.urls import URLPattern, URLResolver, include, path

from config.urls import health
from config.urls.describe import description

urlpatterns: list[URLPattern | URLResolver] = [
    *health.urlpatterns,
    path("", include("theming.urls")),
    path("staff/theme/", include("theming.urls_hall")),
    path("", include("accounts.urls_hall")),
    path("", include("tenants.hall.urls")),
    path("", include("catalog.hall.urls")),
    path("", include("cases.hall.urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("catalog.hall.api.urls")),
    path("api/v1/", include("cases.hall.api.urls")),
    path("api/v1/schema/", description("config.urls.hall"), name="api-schema"),
]
handler403 = "theming.refused.permission_denied"
