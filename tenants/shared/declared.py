"""What apps declare on their AppConfig for others to call: names of functions, by kind.

`hall_checks(hall)` and `public_checks()` yield findings of check_halls (`checks_of_public_facts` are those of them that a
copy of a hall would fail); `hall_sweeps(hall, now)` and `city_sweeps(now)`
are done by the worker each minute, inside the scope; `hall_timed_jobs(hall, stopped)`, each minute too,
`hall_jobs(hall, stopped)`, also where the bell was rung, and `city_jobs(stopped)`, each second, do longer work and enter
a scope by themselves. `case_counts(code)` says, as the city,
by hall's role how many `drafts` and running `cases` an item has. `notices()` yields sentences that stand under the header
of every page; what they read is kept for five seconds; `staff_notices()` the same of staff's pages alone.
`reach_checks(items)` yields what is wrong with the codes that a post names, `post_hindrances(person, role)` why somebody cannot
have a post, `staff_facts(person, hall, now)` pairs of label and words that stand on a person's page in a hall.
`look_pages(hall)` yields (label, address) of real pages in which a look is tried before it is published.
`home_todo(hall, person)` yields (words, address) of what waits for somebody in a hall: for its home page.
`hall_files(hall)` yields, in the hall's scope, the paths of all files that its rows name: what else lies in its folder is found.
`hall_page(hall, now)` yields, as the city, sections of a hall's page in the console (tenants.shared.hall_page).
`hall_in_use()` says in the hall's scope why its opening cannot be taken back, or nothing.
`operator_rounds(now)` ask, as the owner and about once a minute, for jobs whose time has come, and remove what is over.
`hall_restored(hall)` writes, in the hall's scope, what is derived of rows that a restore has replaced; where that was in the hall's own
place, `hall_put_back(hall, made_at, now)` does again what was done since and may not be undone: it may run twice, and enters
a scope by itself. `masks` (not called:
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
