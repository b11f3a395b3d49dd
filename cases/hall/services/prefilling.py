"""What an applicant has said before is not asked again: a new draft starts with it, each answer marked to be looked at.

From the account what the form asks for by one of the names below; from the last applications in this hall of the same
person for themselves (or for the same company) the answers to questions of the same name and type. Who acts for another
gets what they filed for that principal themselves, and nothing of anybody else's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import Applicant
from cases.hall import answers
from cases.hall.models import Case, Event, Mandate
from catalog.shared import questions
from tenants.shared import divisions

ACCOUNT, MANDATE, LAST, CHANGED = "account", "mandate", "last", "changed"
# why an answer waits to be looked at, as the page says it
WORDS = {
    ACCOUNT: _("来自您的账户，请看对不对"),
    MANDATE: _("来自委托，请看对不对"),
    LAST: _("来自上次申请，请看对不对"),
    CHANGED: _("这个问题改过，请再看一遍"),
}
FILLED = frozenset({ACCOUNT, MANDATE, LAST})
# (name, type) of a question → what of the applicant answers it; other names may mean other people
_OF_APPLICANT = {
    ("applicant_name", "text"): "name",
    ("applicant_id", "id_number"): "id_number",
    ("applicant_phone", "phone"): "phone",
    ("contact_phone", "phone"): "phone",
}
_LOOKED_AT = 5


def fill(case: Case, applicant: Applicant, *, mandate: Mandate | None, now: datetime) -> None:
    """Put known answers into a draft that is not stored yet, and note where each comes from. One query."""
    form = case.item.get("form") or []
    known: dict[str, tuple[Any, str]] = {}
    kinds = {name: row["type"] for name, row in questions.by_name(form).items()}
    for earlier in _earlier(case, mandate):
        for name, row in questions.by_name(earlier.item.get("form") or []).items():
            if kinds.get(name) == row["type"] and name in earlier.answers:
                known.setdefault(name, (earlier.answers[name], LAST))
    for (name, kind), field in _OF_APPLICANT.items():
        if kinds.get(name) == kind and getattr(applicant, field):
            known[name] = (getattr(applicant, field), MANDATE if mandate else ACCOUNT)
    # the applicant's own number stands there already: it is no guess
    own = case.answers
    known = {name: found for name, found in known.items() if name not in own}
    filled = _fitting(form, {name: value for name, (value, _source) in known.items()}, now)
    case.answers = {**filled, **own}
    case.to_check = {name: known[name][1] for name in filled}


def _earlier(case: Case, mandate: Mandate | None) -> list[Case]:
    """Return the last applications that this draft may take from, the newest first."""
    found = Case.objects.of_person(case.person).filed().filter(company_uscc=case.company_uscc)
    if mandate is not None:
        # each submission was checked against a mandate that held then
        found = found.filter(
            Exists(Event.objects.filter(case=OuterRef("pk"), action="submit", mandate__proxy=mandate.proxy)),
            proxy=mandate.proxy,
            taken_over_at=None,
        )
    return list(found.only("id", "item", "answers").order_by("-received_at", "id")[:_LOOKED_AT])


def _fitting(form: list[Mapping[str, Any]], given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the answers that this form takes: of a group the entries without what it does not ask."""
    groups = {name: row for name, row in questions.by_name(form).items() if row["type"] == questions.GROUP}
    raw = {
        name: [_of_group(groups[name], entry) for entry in value] if name in groups else value
        for name, value in given.items()
    }
    towns = {town.code for town in divisions.towns()} if raw else set()
    checked = answers.clean(form, raw, divisions=towns, today=timezone.localdate(now), is_draft=True)
    return checked.values


def _of_group(group: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    names = {row["name"] for row in group["fields"]}
    return {name: value for name, value in entry.items() if name in names}


def take_over(case: Case, changed: set[str], *, now: datetime) -> None:
    """Keep of a draft's answers those that its new form takes; what is asked otherwise now waits to be looked at."""
    form = case.item.get("form") or []
    names = questions.by_name(form)
    given = {name: value for name, value in case.answers.items() if name in names}
    fitting = _fitting(form, given, now)
    # an answer whose question is closed now stays, in case it opens again
    asked = {row["name"] for row, _known in questions.asked(questions.nested(form), fitting)}
    closed = {name: value for name, value in given.items() if name not in asked}
    case.answers = {**closed, **fitting}
    marks = {name: why for name, why in case.to_check.items() if name in fitting}
    case.to_check = marks | {name: CHANGED for name in changed & fitting.keys()}
