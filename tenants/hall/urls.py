"""A hall's people, its rehearsal, and what is missing before it opens."""

from django.urls import URLPattern, URLResolver, path

from tenants.hall.views import people, rehearsal

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/people/", people.people, name="staff-people"),
    path("staff/rehearsal/", rehearsal.rehearsal, name="staff-rehearsal"),
    path("staff/rehearsal/begin/", rehearsal.begin, name="staff-rehearsal-begin"),
    path("staff/rehearsal/<int:pk>/remove/", rehearsal.remove, name="staff-rehearsal-remove"),
    path("staff/go-live/", rehearsal.go_live, name="staff-go-live"),
]
