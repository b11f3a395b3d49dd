"""Pointers to cases, verification and the working calendar: public schema."""

from django.apps import AppConfig


class CasesSharedConfig(AppConfig):
    """Pointers to cases, verification and the working calendar: public schema."""

    name = "cases.shared"
    label = "cases_shared"
