"""The look of every page: layout, components, and each hall's colours as data (public schema)."""

from django.apps import AppConfig


class ThemingConfig(AppConfig):
    """The look of every page: layout, components, and each hall's colours as data (public schema)."""

    name = "theming"
    label = "theming"
    hall_page = ("theming.hall_sections.sections",)
