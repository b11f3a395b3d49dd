"""The API of a hall's items and overrides."""

from django.urls import URLPattern, URLResolver, path

from catalog.hall.api import items, staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("items/", items.Items.as_view(), name="api-items"),
    path("items/<str:code>/", items.Item.as_view(), name="api-item"),
    path("items/<str:code>/form/", items.Form.as_view(), name="api-item-form"),
    path("staff/items/", staff.LocalItems.as_view(), name="api-local-items"),
    path("staff/items/<str:code>/publish/", staff.Publication.as_view(), name="api-local-publish"),
    path("staff/items/<str:code>/overrides/<str:field>/", staff.OverrideView.as_view(), name="api-override"),
]
