"""What a draft of the city's would do: to those who apply, to the halls that inherit or override, to running cases. From public facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.shared import labels, said
from catalog.shared.catalogue import whole
from catalog.shared.enums import Change, Status
from catalog.shared.models import Draft, ItemRow, Offer, OverrideFact
from catalog.shared.policy import natural_days, permits, rule_of
from catalog.shared.queries import value_of
from catalog.shared.services.editions import change_of, fields_of
from tenants.shared import declared
from tenants.shared.models import Hall
from tenants.shared.queries import halls


@dataclass(frozen=True)
class Overridden:
    """One hall's own value of a field that the draft changes.

    `breaks`: it keeps the policy against the city's value now and would not against the draft's, so it would stop to hold.
    """

    hall: Hall
    field: str
    value: Any
    breaks: bool

    @property
    def words(self) -> str:
        """The hall's value, for people."""
        return said.words(self.field, self.value) or "—"

    @property
    def label(self) -> str:
        """What the field is called."""
        return labels.field(self.field)


@dataclass(frozen=True)
class FieldImpact:
    """One change of the draft: what it means, which halls follow it, and which have a value of their own."""

    line: said.Line
    inheriting: list[Hall]
    overriding: list[Overridden]

    @property
    def breaking(self) -> list[Overridden]:
        """The halls' values that would stop to hold."""
        return [row for row in self.overriding if row.breaks]


@dataclass(frozen=True)
class HallImpact:
    """One hall that has the item: how many values it has in the way, and whose drafts and running cases are touched."""

    hall: Hall
    is_hidden: bool
    overriding: int
    breaking: int
    drafts: int
    cases: int


@dataclass(frozen=True)
class Impact:
    """The whole of it, as the second person reads it before publishing."""

    change: Change
    fields: list[FieldImpact]
    halls: list[HallImpact]
    breaking: list[Overridden] = field(default_factory=list)
    is_statutory_shorter: bool = False
    is_cancelled: bool = False

    @property
    def narrower(self) -> list[said.Line]:
        """The changes that make it narrower."""
        return [row.line for row in self.fields if row.line.change == Change.NARROWER]

    @property
    def drafts(self) -> int:
        """How many drafts of applications there are."""
        return sum(row.drafts for row in self.halls)

    @property
    def cases(self) -> int:
        """How many cases are running: they keep the item as they were filed under."""
        return sum(row.cases for row in self.halls)


def of(draft: Draft, live: ItemRow | None) -> Impact:
    """Return what publishing this draft would do. As the city; the number of queries does not depend on the halls."""
    before = fields_of(live) if live else None
    after = whole(draft.fields)
    offers = {
        offer.hall_id: offer
        for offer in Offer.objects.filter(code=draft.code, is_local=False).only("hall_id", "hidden")
    }
    having = [hall for hall in halls() if hall.role in offers]
    facts = list(OverrideFact.objects.filter(code=draft.code).order_by("field"))
    found = (
        [_field(line, having, facts, before or after, after) for line in said.lines(before, after)]
        if before
        else []
    )
    breaking = _breaking(having, facts, before or after, after)
    counts = case_counts(draft.code)
    return Impact(
        change=change_of(before, draft),
        fields=found,
        halls=[
            HallImpact(
                hall=hall,
                is_hidden=offers[hall.role].hidden,
                overriding=len(
                    {row.field for change in found for row in change.overriding if row.hall == hall}
                ),
                breaking=sum(row.hall == hall for row in breaking),
                drafts=counts.get(hall.role, {}).get("drafts", 0),
                cases=counts.get(hall.role, {}).get("cases", 0),
            )
            for hall in having
        ],
        breaking=breaking,
        is_statutory_shorter=before is not None and _is_statutory_shorter(before, after),
        is_cancelled=draft.status == Status.CANCELLED,
    )


def case_counts(code: str) -> dict[str, dict[str, int]]:
    """Return by hall's role how many `drafts` and running `cases` of an item there are, as the apps above declare it."""
    found: dict[str, dict[str, int]] = {}
    for count in declared.functions("case_counts"):
        for role, numbers in count(code).items():
            found.setdefault(role, {}).update(numbers)
    return found


def _field(
    line: said.Line,
    having: list[Hall],
    facts: list[OverrideFact],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> FieldImpact:
    touched = [fact for fact in facts if _touches(fact.field, line.field)]
    own = {fact.hall_id for fact in touched}
    return FieldImpact(
        line,
        [hall for hall in having if hall.role not in own],
        [
            _overridden(hall, fact, before, after)
            for hall in having
            for fact in touched
            if fact.hall_id == hall.role
        ],
    )


def _touches(overridden: str, changed: str) -> bool:
    """Say whether an override of one field is of what changed: the same, a row of it, or the limit whose unit it is."""
    return (
        overridden == changed
        or overridden.startswith(f"{changed}.")
        or (overridden == "promised_days" and changed == "promised_unit")
    )


def _breaking(
    having: list[Hall], facts: list[OverrideFact], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Overridden]:
    found = [
        _overridden(hall, fact, before, after)
        for hall in having
        for fact in facts
        if fact.hall_id == hall.role
    ]
    return [row for row in found if row.breaks]


def _overridden(
    hall: Hall, fact: OverrideFact, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Overridden:
    rule = rule_of(fact.field)
    holds = permits(rule, fact.value, value_of(before, fact.field))
    return Overridden(
        hall, fact.field, fact.value, holds and not permits(rule, fact.value, value_of(after, fact.field))
    )


def _is_statutory_shorter(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    if after["statutory_days"] is None:
        return False
    if before["statutory_days"] is None:
        return True
    return natural_days(after["statutory_days"], after["statutory_unit"]) < natural_days(
        before["statutory_days"], before["statutory_unit"]
    )
