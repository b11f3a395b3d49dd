"""The portal's API: halls, items of all halls, verification."""

from django.urls import URLPattern, URLResolver, include, path

from cases.shared.api.log import CityLogView
from portal.api import bundles, city, materials, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("halls/", views.Halls.as_view(), name="api-halls"),
    path("items/", views.Items.as_view(), name="api-portal-items"),
    path("city/audit/", CityLogView.as_view(), name="api-city-audit"),
    path("city/reviews/", city.Reviews.as_view(), name="api-city-reviews"),
    path("bundles/", bundles.Bundles.as_view(), name="api-portal-bundles"),
    path("bundles/<slug:key>/", bundles.BundleView.as_view(), name="api-portal-bundle"),
    path("me/materials/", materials.Materials.as_view(), name="api-materials"),
    path("me/materials/<uuid:pk>/", materials.MaterialView.as_view(), name="api-material"),
    path("verify/<str:code>/", views.Verify.as_view(), name="api-verify"),
    path("city/", include("catalog.shared.api.urls")),
]
