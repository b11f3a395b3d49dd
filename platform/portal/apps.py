"""The city's front door: no tables of its own."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The city's front door: no tables of its own."""

    name = "portal"
    label = "portal"
    unread_counts = ("portal.queries.unread",)
