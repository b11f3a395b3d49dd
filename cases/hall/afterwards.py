"""What may happen to a result afterwards: 补发, 更正, 撤销. A clerk asks, another person approves. Data, no ORM."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import State
from cases.hall.grammar import APPROVER, HEAD, WINDOW, Fact, Transition

_OVER = frozenset({State.DELIVERED, State.ARCHIVED})
_LATER_PROPOSED: frozenset[str] = frozenset(
    {Fact.REISSUE_PROPOSED, Fact.CHANGE_PROPOSED, Fact.REVOCATION_PROPOSED, Fact.REFUND_PROPOSED}
)


def _afterwards(
    name: str, ask: Promise, confirm: Promise, told: Promise, fact: Fact, *, asks: tuple[str, ...] = ()
) -> tuple[Transition, Transition, Transition]:
    """Return the three rows of what happens to a result afterwards: a clerk asks, another approves or returns it."""
    ends = frozenset({WINDOW, APPROVER}), frozenset({APPROVER, HEAD})
    return (
        Transition(
            name,
            ask,
            _OVER,
            None,
            ends[0],
            told=ask,
            event=f"propose_{name}",
            needs_reason=True,
            asks=asks,
            when=frozenset({Fact.ISSUED}),
            unless=_LATER_PROPOSED,
            proposes=name,
            is_internal=True,
        ),
        Transition(
            name,
            confirm,
            _OVER,
            None,
            ends[1],
            told=told,
            document=name,
            message=name,
            when=frozenset({Fact.ISSUED, fact}),
            settles=name,
        ),
        Transition(
            f"return_{name}",
            _("退回"),
            _OVER,
            None,
            ends[1],
            told=_("退回了"),
            needs_reason=True,
            when=frozenset({fact}),
            settles=name,
            is_internal=True,
        ),
    )


AFTERWARDS: tuple[Transition, ...] = (
    *_afterwards("reissue", _("申请补发"), _("批准补发"), _("补发"), Fact.REISSUE_PROPOSED),
    *_afterwards(
        "correct",
        _("申请更正"),
        _("批准更正"),
        _("更正"),
        Fact.CHANGE_PROPOSED,
        asks=("field", "value"),
    ),
    *_afterwards(
        "revoke", _("建议撤销"), _("批准撤销"), _("撤销"), Fact.REVOCATION_PROPOSED, asks=("ground",)
    ),
)
