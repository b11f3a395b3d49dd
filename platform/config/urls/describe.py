"""The OpenAPI description of one host's API."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.views import SpectacularAPIView


def description(urlconf: str) -> Callable[..., Any]:
    """Return the view that describes the API of this urlconf: the portal's and a hall's differ."""
    view: Callable[..., Any] = SpectacularAPIView.as_view(urlconf=urlconf)
    return view
