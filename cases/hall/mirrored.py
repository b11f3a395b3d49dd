"""What a department's own system does with the cases it decides on: rows of the table made from the desk's. Pure.

Tax, tobacco, provident fund and police decide in systems of their own; the hall mirrors their state. The window still
takes in (it looks at the papers, asks for corrections, accepts) and hands out; whatever decides is the system's alone.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from cases.hall.enums import State
from cases.hall.grammar import APPLICANT, DEPARTMENT, HEAD, SYSTEM, Fact, Transition

# both may, whoever is first
_SHARED = frozenset({"accept", "not_accept", "request_correction"})
_THEIRS = frozenset(
    {"review", "grant", "refuse", "special", "end_special", "extend", "continue_review", "terminate"}
)
# of the desk: what decides, and what would ask for a decision
_CLOSED = _THEIRS | {
    "complete",
    "complete_here",
    "return_refusal",
    "return_extension",
    "ask_opinion",
    "record_opinion",
    "reissue",
    "correct",
    "revoke",
}
# the system is gone, or the case should not be its: the head has the desk decide
_TAKE_BACK = Transition(
    "take_back",
    _("收回来由本厅办"),
    frozenset(
        {
            State.SUBMITTED,
            State.PRE_REVIEW,
            State.CORRECTION,
            State.ACCEPTED,
            State.DEEMED_ACCEPTED,
            State.REVIEW,
            State.SPECIAL,
            State.EXTENDED,
        }
    ),
    None,
    frozenset({HEAD}),
    told=_("改由本厅办"),
    needs_reason=True,
    when=frozenset({Fact.MIRRORED}),
)
_INSIDE = frozenset({Fact.REFUSAL_PROPOSED, Fact.EXTENSION_PROPOSED})


def by_departments(*table: Transition) -> tuple[Transition, ...]:
    """Return the table with the desk's deciding rows closed for mirrored cases and the departments' rows behind it."""
    return (*(_closed(step) for step in table), *_theirs(table), _TAKE_BACK)


def _closed(step: Transition) -> Transition:
    """Return the row as the desk has it. An applicant's rows, and the timed job's, are the same for every case."""
    if step.name not in _CLOSED or step.who & {APPLICANT, SYSTEM}:
        return step
    return replace(step, unless=step.unless | {Fact.MIRRORED})


def _theirs(table: tuple[Transition, ...]) -> list[Transition]:
    """Return the departments' rows. Two persons, and a paper of the hall's, are the department's own affair."""
    rows: dict[tuple[str, frozenset[str]], Transition] = {}
    for step in table:
        if step.name not in _SHARED | _THEIRS or step.proposes:
            continue
        when = (step.when - _INSIDE) | {Fact.MIRRORED}
        if step.name == "extend":
            when |= {Fact.HAS_LIMIT}
        theirs = replace(
            step,
            who=frozenset({DEPARTMENT}),
            needs_reason=step.needs_reason or step.name in {"refuse", "extend"},
            asks=("days",) if step.name == "extend" else step.asks,
            when=when,
            unless=(step.unless - _INSIDE) | ({Fact.EXTENDED} if step.name == "extend" else set()),
            settles="",
            document="",
            is_decision=False,
        )
        rows[step.name, step.frm] = theirs
    return list(rows.values())
