"""What may happen to a case: the one table of its steps. Data, no ORM.

Each row says who may, from where, to where, what it does to the clocks and on which legal ground, which document
it makes and what the applicant is told. `cases.hall.services.transition` is its only interpreter.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import Act, Clock, State

# who files; everybody else in `who` is a post of the hall (tenants.hall.enums.PostRole)
APPLICANT = "applicant"
WINDOW = "window"
APPROVER = "approver"
HEAD = "head"
DESK = frozenset({WINDOW, APPROVER, HEAD})

INSTANT = "instant"

# 行政许可法: receipt and acceptance 32, the decision's limit 42, delivery 44; the promise is the hall's own
ON_ACCEPTANCE = "《中华人民共和国行政许可法》第三十二条"
ON_DECISION = "《中华人民共和国行政许可法》第四十二条"
ON_DELIVERY = "《中华人民共和国行政许可法》第四十四条"
ON_PROMISE = "办事指南公布的承诺办结时限"


@dataclass(frozen=True)
class Effect:
    """What a step does to one clock, and on which ground. A start takes its days from the item or the law."""

    clock: Clock
    act: Act
    ground: str


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    `frm` are the states it may be taken from, `who` the posts that may (or `applicant`). `event` is what the log
    says when that differs from `name`. A confirmed refusal keeps the proposal's reason unless another is given. `kind` limits it to items of that kind. `proposal` tells whether a proposed
    refusal must stand (True), must not (False) or does not matter (None). `is_decision` keeps out whoever accepted
    the case, unless the item is done on the spot. `chain` are the steps that it takes in one act.
    """

    name: str
    label: str | Promise
    frm: frozenset[State]
    to: State
    who: frozenset[str]
    told: str | Promise = ""
    event: str = ""
    needs_reason: bool = False
    asks: tuple[str, ...] = ()
    clocks: tuple[Effect, ...] = ()
    document: str = ""
    message: str = ""
    kind: str = ""
    proposal: bool | None = None
    is_decision: bool = False
    chain: tuple[str, ...] = ()

    @property
    def logged_as(self) -> str:
        """The action that the event log names."""
        return self.event or self.name


_DECIDED = (
    Effect(Clock.PROMISED, Act.STOP, ON_PROMISE),
    Effect(Clock.STATUTORY, Act.STOP, ON_DECISION),
    Effect(Clock.DELIVERY, Act.START, ON_DELIVERY),
)

TABLE: tuple[Transition, ...] = (
    Transition(
        "submit",
        _("确认无误，提交"),
        frozenset({State.DRAFT}),
        State.SUBMITTED,
        frozenset({APPLICANT}),
        told=_("提交"),
        clocks=(Effect(Clock.ACCEPTANCE, Act.START, ON_ACCEPTANCE),),
        message="submitted",
    ),
    Transition(
        "accept",
        _("受理"),
        frozenset({State.SUBMITTED}),
        State.ACCEPTED,
        frozenset({WINDOW}),
        told=_("受理"),
        clocks=(
            Effect(Clock.ACCEPTANCE, Act.STOP, ON_ACCEPTANCE),
            Effect(Clock.PROMISED, Act.START, ON_PROMISE),
            Effect(Clock.STATUTORY, Act.START, ON_DECISION),
        ),
        document="accept",
        message="accepted",
    ),
    Transition(
        "not_accept",
        _("不予受理"),
        frozenset({State.SUBMITTED}),
        State.NOT_ACCEPTED,
        frozenset({WINDOW}),
        told=_("没有受理"),
        needs_reason=True,
        asks=("competent",),
        clocks=(Effect(Clock.ACCEPTANCE, Act.STOP, ON_ACCEPTANCE),),
        document="not_accept",
        message="not_accepted",
    ),
    Transition(
        "review",
        _("开始审查"),
        frozenset({State.ACCEPTED}),
        State.REVIEW,
        frozenset({APPROVER}),
        told=_("开始审查"),
    ),
    Transition(
        "grant",
        _("同意"),
        frozenset({State.REVIEW}),
        State.GRANTED,
        frozenset({APPROVER}),
        told=_("同意"),
        clocks=_DECIDED,
        document="grant",
        message="granted",
        proposal=False,
        is_decision=True,
    ),
    Transition(
        "refuse",
        _("建议不同意"),
        frozenset({State.REVIEW}),
        State.REVIEW,
        frozenset({APPROVER}),
        told=_("建议不同意"),
        event="propose_refusal",
        needs_reason=True,
        proposal=False,
        is_decision=True,
    ),
    Transition(
        "refuse",
        _("不同意"),
        frozenset({State.REVIEW}),
        State.REFUSED,
        frozenset({HEAD}),
        told=_("没有同意"),
        clocks=_DECIDED,
        document="refuse",
        message="refused",
        proposal=True,
        is_decision=True,
    ),
    Transition(
        "return_refusal",
        _("退回"),
        frozenset({State.REVIEW}),
        State.REVIEW,
        frozenset({HEAD}),
        told=_("退回重新审查"),
        needs_reason=True,
        proposal=True,
        is_decision=True,
    ),
    Transition(
        "complete",
        _("当场办好"),
        frozenset({State.SUBMITTED}),
        State.GRANTED,
        frozenset({WINDOW, APPROVER}),
        told=_("当场办好"),
        kind=INSTANT,
        message="granted",
        chain=("accept", "review", "grant"),
    ),
    Transition(
        "hand_over",
        _("移交"),
        frozenset({State.GRANTED, State.REFUSED}),
        State.DELIVERING,
        frozenset({WINDOW}),
        told=_("移交送达"),
        asks=("method", "number", "window", "proxy"),
        message="delivering",
    ),
    Transition(
        "deliver",
        _("已送达"),
        frozenset({State.DELIVERING}),
        State.DELIVERED,
        frozenset({WINDOW}),
        told=_("办好了"),
        clocks=(Effect(Clock.DELIVERY, Act.STOP, ON_DELIVERY),),
        message="delivered",
    ),
)

NAMES = frozenset(step.name for step in TABLE)
# what the log may say, in the words of a conflict: {姓名}刚处理了这件：{做了什么}
TOLD: dict[str, str | Promise] = {step.logged_as: step.told for step in TABLE} | {
    "add_file": _("补了一份材料")
}


def named(name: str) -> tuple[Transition, ...]:
    """Return the rows of this name: none when the table knows no such step."""
    return tuple(step for step in TABLE if step.name == name)


def row(name: str) -> Transition:
    """Return the one row of this name that a chain takes. Raises KeyError."""
    found = named(name)
    if len(found) != 1:
        raise KeyError(name)
    return found[0]


def open_to(
    state: str, posts: Collection[str], kind: str, *, is_refusal_proposed: bool = False
) -> tuple[Transition, ...]:
    """Return the steps that these posts may take on a case in this state whose item is of this kind.

    A person's own rows come with the pseudo-post `applicant`. Whether this very person may (it is not their own
    case, they did not accept it) is the interpreter's to say.
    """
    return tuple(
        step
        for step in TABLE
        if state in step.frm
        and not step.who.isdisjoint(posts)
        and step.kind in ("", kind)
        and step.proposal in (None, is_refusal_proposed)
    )
