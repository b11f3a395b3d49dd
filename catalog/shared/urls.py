"""The city's catalogue in its console, below /city/."""

from django.urls import URLPattern, URLResolver, path

from catalog.shared.views import items

urlpatterns: list[URLPattern | URLResolver] = [
    path("items/", items.listing, name="city-items"),
    path("items/new/", items.new, name="city-item-new"),
    path("items/<str:code>/", items.item, name="city-item"),
    path("items/<str:code>/edit/", items.edit, name="city-item-edit"),
    path("items/<str:code>/impact/", items.impact_page, name="city-item-impact"),
    path("items/<str:code>/publish/", items.publish, name="city-item-publish"),
    path("items/<str:code>/discard/", items.discard, name="city-item-discard"),
    path("items/<str:code>/versions/", items.versions, name="city-item-versions"),
    path("items/<str:code>/compare/", items.compare, name="city-item-compare"),
]
