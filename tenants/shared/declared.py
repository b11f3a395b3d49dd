"""What apps declare on their AppConfig for others to call: names of functions, by kind.

`hall_checks(hall)` and `public_checks()` yield findings of check_halls (`checks_of_public_facts` are those of them that a
copy of a hall would fail); `hall_sweeps(hall, now)` and `city_sweeps(now)`
are done by the worker each minute, inside the scope; `hall_timed_jobs(hall, stopped)`, each minute too,
`hall_jobs(hall, stopped)`, also where the bell was rung, and `city_jobs(stopped)`, each second, do longer work and enter
a scope by themselves. `case_counts(code)` says, as the city,
by hall's role how many `drafts` and running `cases` an item has. `notices()` yields sentences that stand under the header
of every page; what they read is kept for five seconds; `staff_notices()` the same of staff's pages alone.
`operator_rounds(now)` ask, as the owner and about once a minute, for jobs whose time has come.
`hall_restored(hall)` writes, in the hall's scope, what is derived of rows that a restore has replaced; `masks` (not called:
dictionaries) say what a copy for practice shows instead of personal data (`tenants.shared.archive.masking`).
`unread_counts(person)` says how many messages somebody has not seen.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string


def functions(kind: str) -> Iterator[Callable[..., Any]]:
    """Yield the functions of this kind, in the order of the installed apps."""
    for config in apps.get_app_configs():
        for name in getattr(config, kind, ()):
            yield import_string(name)
