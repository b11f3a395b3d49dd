"""A hall's home, items, guides, and the staff's item pages."""

from django.urls import URLPattern, URLResolver, path

from catalog.hall.views import guide, listing, local, staff

urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.home, name="home"),
    path("items/", listing.items, name="items"),
    path("items/<str:code>/", guide.item, name="item"),
    path("items/<str:code>/book/", guide.book, name="item-book"),
    path("staff/items/", staff.items, name="staff-items"),
    path("staff/items/new/", local.new, name="staff-local-new"),
    path("staff/items/<str:code>/", staff.item, name="staff-item"),
    path("staff/items/<str:code>/local/", local.item, name="staff-local-item"),
    path("staff/items/<str:code>/edit/", local.edit, name="staff-local-edit"),
    path("staff/items/<str:code>/publish/", local.publish, name="staff-local-publish"),
    path("staff/items/<str:code>/take-back/", local.take_back, name="staff-local-take-back"),
    path("staff/items/<str:code>/fields/<str:field>/", staff.value, name="staff-item-value"),
]
