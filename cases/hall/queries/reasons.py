"""The texts that a clerk may start a reason from, filled for one case."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cases.hall import wording
from cases.hall.models import Case, ReasonText


@dataclass(frozen=True)
class Offered:
    """A text as it is offered: what it is called, what it says of this case, of which verdict."""

    pk: int
    name: str
    text: str
    verdict: str = ""


def listed() -> QuerySet[ReasonText]:
    """Return the texts of the hall that are offered, those of one place together."""
    return ReasonText.objects.filter(removed_at=None).order_by(
        "step", "verdict", "item_code", "position", "id"
    )


def for_step(case: Case, step: str) -> list[Offered]:
    """Return the texts of a step, those of this very item first. One query."""
    rows = (
        listed()
        .filter(step=step, item_code__in=["", case.item_code])
        .order_by("-item_code", "position", "id")
    )
    return [Offered(row.pk, row.name, wording.fill(row.text, _facts(case))) for row in rows]


def for_verdicts(case: Case) -> list[ReasonText]:
    """Return the texts of all verdicts, those of this very item first. One query; `filled` says them of a material."""
    rows = listed().filter(step="", item_code__in=["", case.item_code])
    return list(rows.order_by("verdict", "-item_code", "position", "id"))


def filled(case: Case, rows: list[ReasonText], material: str, verdicts: frozenset[str]) -> list[Offered]:
    """Return the texts of these verdicts, said of this material or answer. No query."""
    facts = {**_facts(case), "材料": material}
    return [
        Offered(row.pk, row.name, wording.fill(row.text, facts), row.verdict)
        for row in rows
        if row.verdict in verdicts
    ]


def _facts(case: Case) -> dict[str, str]:
    return {"事项": case.item_name, "编号": case.number or "", "部门": case.department}
