"""What the answers come to: everything that the job of opening a hall is told, and the same in words to be looked at once more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from portal.onboarding import proposals
from portal.onboarding.base import LIKE, SHEET, Known, Line, Question
from portal.onboarding.equipment import (
    LIKE_LOOK,
    DepartmentsQuestion,
    ItemsQuestion,
    hours_in_words,
    sessions_of,
)
from portal.onboarding.questions import QUESTIONS
from tenants.shared.queries import halls

Asked = TypeVar("Asked", bound=Question)
KIND = "onboard"
_HALL = (
    "key", "host", "name", "short_name", "level", "division_code",
    "case_prefix", "document_prefix", "department_prefix", "uscc",
)  # fmt: skip


class NotReady(Exception):
    """Something is missing or wrong: by question, by field (`__all__` for none), its sentences."""

    def __init__(self, problems: Mapping[str, Mapping[str, list[str]]]) -> None:
        super().__init__(
            "\n".join(
                f"{field}: {sentence}"
                for fields in problems.values()
                for field, sentences in fields.items()
                for sentence in sentences
            )
        )
        self.problems = problems


@dataclass(frozen=True)
class Section:
    """A question and its answer in words."""

    slug: str
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Plan:
    """A hall that can be opened: `params` is what the job is told, `sections` is what people read."""

    params: dict[str, Any]
    sections: list[Section]

    @property
    def key(self) -> str:
        """The hall's key."""
        return str(self.params["hall"]["key"])


def asked_anew(kind: type[Asked], known: Known) -> Asked:
    """Return a question answered with what is known, as if it had been sent just now: its rules hold today, not only then."""
    given: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in kind(known=known).opened().items():
        given.setlist(name, value if isinstance(value, list) else [value])
    return kind(given, known=known)


def is_answered(kind: type[Question], known: Known) -> bool:
    """Say whether a question was answered at all."""
    return any(name in known for name in kind.base_fields)


def make(known: Known) -> Plan:
    """Return the plan of these answers, each asked anew. Raises NotReady."""
    problems: dict[str, dict[str, list[str]]] = {}
    forms: dict[str, Question] = {}
    for kind in QUESTIONS:
        if not is_answered(kind, known):
            problems[kind.slug] = {"__all__": [_("还没有答")]}
            continue
        form = forms[kind.slug] = asked_anew(kind, known)
        if not form.is_valid():
            problems[kind.slug] = {name: [str(each) for each in found] for name, found in form.errors.items()}
    if problems:
        raise NotReady(problems)
    sections = [Section(form.slug, str(form.title), form.lines()) for form in forms.values()]
    return Plan(_params(known, forms), sections)


def _params(known: Known, forms: Mapping[str, Question]) -> dict[str, Any]:
    given = {name: value for form in forms.values() for name, value in form.cleaned_data.items()}
    items, sheet = forms["items"], forms["departments"]
    if not isinstance(items, ItemsQuestion) or not isinstance(sheet, DepartmentsQuestion):
        raise TypeError("a question stands under another's address")
    chosen = items.chosen()
    hall = {name: given[name] for name in _HALL}
    furniture: dict[str, Any] = {"like": "", "departments": [], "windows": []}
    if given["departments"] == LIKE:
        furniture["like"] = given["departments_like"]
    elif given["departments"] == SHEET:
        furniture |= sheet.read
    else:
        furniture |= from_items([name for name, _number in chosen.departments], hall["department_prefix"])
    return {
        "hall": {**hall, "position": max([0, *(each.position for each in halls())]) + 1},
        "items": chosen.codes,
        "towns": given["towns"],
        "furniture": furniture,
        "sessions": sessions_of(given),
        "office": {
            "hours": hours_in_words(given),
            **{name: given[name] for name in ("address", "phone", "complaint_phone")},
        },
        "texts_like": _texts_like(given),
        "look": given["look"].removeprefix(LIKE_LOOK) if given["look"].startswith(LIKE_LOOK) else "",
        "prepared": "" if given["look"].startswith(LIKE_LOOK) else given["look"],
        # sealed, as the draft keeps it: a job is a row that stays
        "admin": {key: forms["admin"].answer()[f"admin_{key}"] for key in ("name", "phone")},
    }


def from_items(departments: list[str], prefix: str) -> dict[str, Any]:
    """Return these departments with a prefix before their names, and one window for all of them."""
    return {
        "departments": [{"short_name": name, "name": f"{prefix}{name}", "uscc": ""} for name in departments],
        "windows": [{"name": general_window(), "count": 2, "average_minutes": 15}],
    }


def general_window() -> str:
    """Return what the one window is called that serves everything."""
    return _("综合受理窗口")


def _texts_like(given: Mapping[str, Any]) -> str:
    """Return whose ready-made texts a new hall begins with: the hall's that it is like, else one of its level."""
    if given["items_like"] and given["items"] == LIKE:
        return str(given["items_like"])
    if given["departments"] == LIKE:
        return str(given["departments_like"])
    same = proposals.same_level(given["level"])
    return same.key if same else ""
