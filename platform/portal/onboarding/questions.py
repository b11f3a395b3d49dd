"""The nine questions of a new hall, in their order: for the pages, one after the other, and for a file, all at once."""

from collections.abc import Iterable

from portal.onboarding.base import Question
from portal.onboarding.equipment import DepartmentsQuestion, HoursQuestion, ItemsQuestion, LookQuestion
from portal.onboarding.identity import (
    AdminQuestion,
    HostQuestion,
    NameQuestion,
    NumbersQuestion,
    PlacesQuestion,
)

QUESTIONS: tuple[type[Question], ...] = (
    NameQuestion,
    HostQuestion,
    ItemsQuestion,
    PlacesQuestion,
    NumbersQuestion,
    DepartmentsQuestion,
    HoursQuestion,
    AdminQuestion,
    LookQuestion,
)


def question(slug: str) -> type[Question] | None:
    """Return the question of this address, or None."""
    return next((each for each in QUESTIONS if each.slug == slug), None)


def following(slug: str) -> str:
    """Return the address of the question after this one; empty after the last."""
    slugs = [each.slug for each in QUESTIONS]
    return next(iter(slugs[slugs.index(slug) + 1 :]), "")


def field_names() -> Iterable[str]:
    """Yield the name of every field, question by question."""
    for each in QUESTIONS:
        yield from each.base_fields
