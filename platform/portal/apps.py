"""The city's front door: no tables of its own."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The city's front door: no tables of its own."""

    name = "portal"
    label = "portal"
    look_pages = ("portal.look_pages.pages",)
    unread_counts = ("portal.queries.unread",)
