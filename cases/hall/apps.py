"""Cases, events, files and results: the hall's schema."""

from django.apps import AppConfig


class CasesHallConfig(AppConfig):
    """Cases, events, files and results: the hall's schema."""

    name = "cases.hall"
    label = "cases_hall"
    hall_sweeps = ("cases.hall.tasks.uses_are_counted",)
    # findings of check_halls
    hall_checks = (
        "cases.hall.checks.dues_follow_ledger",
        "cases.hall.checks.pointers_follow_cases",
        "cases.hall.checks.files_are_there",
        "cases.hall.checks.states_follow_events",
        "cases.hall.checks.marks_follow_rows",
    )
