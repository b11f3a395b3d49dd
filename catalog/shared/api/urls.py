"""The city's catalogue by API, below /api/v1/city/."""

from django.urls import URLPattern, URLResolver, path

from catalog.shared.api import items

urlpatterns: list[URLPattern | URLResolver] = [
    path("items/", items.Items.as_view(), name="api-city-items"),
    path("items/<str:code>/draft/", items.DraftView.as_view(), name="api-city-draft"),
    path("items/<str:code>/impact/", items.ImpactView.as_view(), name="api-city-impact"),
    path("items/<str:code>/publish/", items.Publication.as_view(), name="api-city-publish"),
    path("items/<str:code>/versions/", items.Versions.as_view(), name="api-city-versions"),
    path("items/<str:code>/compare/", items.Comparison.as_view(), name="api-city-compare"),
]
