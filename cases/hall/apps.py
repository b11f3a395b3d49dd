"""Cases, events, files and results: the hall's schema."""

from django.apps import AppConfig


class CasesHallConfig(AppConfig):
    """Cases, events, files and results: the hall's schema."""

    name = "cases.hall"
    label = "cases_hall"
