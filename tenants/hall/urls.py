"""A hall's people, its rehearsal, and what is missing before it opens."""

from django.urls import URLPattern, URLResolver, path

from tenants.hall.views import invitations, people, rehearsal, visits

urlpatterns: list[URLPattern | URLResolver] = [
    path("staff/people/", people.people, name="staff-people"),
    path("staff/people/<uuid:person>/", people.person, name="staff-person"),
    path("staff/people/<uuid:person>/suspend/", people.suspend, name="staff-person-suspend"),
    path("staff/people/<uuid:person>/reopen/", people.reopen, name="staff-person-reopen"),
    path("staff/posts/<int:pk>/", people.change, name="staff-post"),
    path("staff/posts/<int:pk>/end/", people.end, name="staff-post-end"),
    path("staff/invitations/", invitations.index, name="staff-invitations"),
    path("staff/invitations/<int:pk>/resend/", invitations.resend, name="staff-invitation-resend"),
    path("staff/invitations/<int:pk>/withdraw/", invitations.withdraw, name="staff-invitation-withdraw"),
    path("staff/visits/", visits.index, name="staff-visits"),
    path("staff/visits/<uuid:pk>/end/", visits.end, name="staff-visit-end"),
    path("invitation/<str:secret>/", invitations.accept, name="invitation"),
    path("staff/rehearsal/", rehearsal.rehearsal, name="staff-rehearsal"),
    path("staff/rehearsal/begin/", rehearsal.begin, name="staff-rehearsal-begin"),
    path("staff/rehearsal/<int:pk>/remove/", rehearsal.remove, name="staff-rehearsal-remove"),
    path("staff/go-live/", rehearsal.go_live, name="staff-go-live"),
]
