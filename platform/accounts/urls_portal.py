"""Signing in, out and up at the portal, and the way into a hall."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
