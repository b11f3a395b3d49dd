"""A hall's people."""

from django.urls import URLPattern, URLResolver, path

from tenants.hall import views

urlpatterns: list[URLPattern | URLResolver] = [path("staff/people/", views.people, name="staff-people")]
