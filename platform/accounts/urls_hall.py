"""A hall's door: by ticket for citizens, by password for staff."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
