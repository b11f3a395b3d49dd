"""The portal's API: halls, items of all halls, verification."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
