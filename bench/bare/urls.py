"""The bare views, and the product's addresses behind them so that its templates can name them."""

from django.urls import URLPattern, URLResolver, path

from bench.bare import views
from config.urls import hall

urlpatterns: list[URLPattern | URLResolver] = [
    path("json/items/", views.items_json),
    path("json/items/<str:code>/", views.item_json),
    path("items/", views.items_page),
    path("items/<str:code>/", views.item_page),
    *hall.urlpatterns,
]
