"""The portal's API: halls, items of all halls, verification."""

from django.urls import URLPattern, URLResolver, path

from portal.api import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("halls/", views.Halls.as_view(), name="api-halls"),
    path("items/", views.Items.as_view(), name="api-portal-items"),
    path("verify/<str:code>/", views.Verify.as_view(), name="api-verify"),
]
