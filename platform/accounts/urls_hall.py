"""A hall's door: by ticket for citizens, by password for staff."""

from django.urls import URLPattern, URLResolver, path

from accounts.urls_security import urlpatterns as security
from accounts.views import door, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in.staff, name="staff-sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("come-in/", door.come_in, name="come-in"),
    path("arrive/", door.arrive, name="arrive"),
    *security,
]
