"""What signing in must ask of the layers above: which hall a host is, where the portal is, who holds a post here.

The accounts know nothing of halls, so the answers are functions that the settings name (HALL_OF_HOST, CITY, POSTS_OF).
"""

from typing import Protocol
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.module_loading import import_string


class Hall(Protocol):
    """As much of a hall as signing in needs."""

    @property
    def key(self) -> str:
        """The stamp of its sessions, tickets and tokens."""
        ...

    name: str


def hall_at(host: str) -> Hall | None:
    """Return the hall that owns this host name, or None."""
    found: Hall | None = import_string(settings.HALL_OF_HOST)(host)
    return found


def portal_host() -> str:
    """Return the portal's host name."""
    return str(import_string(settings.CITY)().portal_domain)


def hall_names() -> dict[str, str]:
    """Return what each hall is called, by the stamp of its sessions; the portal's stamp is empty."""
    names = {hall.key: hall.name for hall in import_string(settings.HALLS)()}
    return {"": import_string(settings.CITY)().portal_name, **names}


def passkey_domain(request: HttpRequest) -> str:
    """Return the domain of passkeys at this host: the portal's for itself and all below it, else the host's own."""
    host, portal = split_domain_port(request.get_host())[0].lower(), portal_host()
    return portal if host == portal or host.endswith(f".{portal}") else host


def posts_here(person: UUID) -> frozenset[str]:
    """Return the posts with which this person comes into the hall in scope by the staff's door."""
    found: frozenset[str] = import_string(settings.POSTS_OF)(person)
    return found


def roles_here(request: HttpRequest, person: UUID, city_role: str) -> frozenset[str]:
    """Return the posts of this person in the hall of the request, and the role in the city."""
    posts = posts_here(person) if getattr(request, "hall", None) is not None else frozenset()
    return posts | ({city_role} if city_role else frozenset())


def identity_url(request: HttpRequest) -> str:
    """Return the portal's page where somebody becomes better known, with the way back to the page of this request."""
    host, path = split_domain_port(request.get_host())[0], request.get_full_path()
    here = {"to": host, "next": path} if host != portal_host() else {"next": path}
    return f"{origin(request, portal_host())}{reverse('identity', urlconf=settings.ROOT_URLCONF)}?{urlencode(here)}"


def origin(request: HttpRequest, host: str) -> str:
    """Return scheme, host and port of another host of the same installation."""
    # of the Host header: behind a proxy the port that the server listens on is nobody's business
    port = split_domain_port(request.get_host())[1]
    return f"{request.scheme}://{host}" + (f":{port}" if port else "")
