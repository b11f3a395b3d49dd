"""Tokens of the API."""

from django.urls import URLPattern, URLResolver, path

from accounts.api.views import TokenView

urlpatterns: list[URLPattern | URLResolver] = [path("token/", TokenView.as_view(), name="api-token")]
