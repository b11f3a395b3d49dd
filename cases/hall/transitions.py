"""What may happen to a case: the one table of its steps (DOMAIN section 3). Data, no ORM.

Each row says who may, from where, to where, under which facts, what it does to the clocks and on which legal ground,
which document it makes and what the applicant is told. `cases.hall.services.transition` is its only interpreter;
`cases.hall.states` says what the states mean; docs/case-life.md is drawn from both (`manage.py case_life`).
"""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.afterwards import AFTERWARDS
from cases.hall.delivering import WAYS
from cases.hall.enums import Act, Clock, State
from cases.hall.grammar import (
    APPLICANT,
    APPROVER,
    DEATH,
    DEPARTMENT,
    DESK,
    HEAD,
    INSTANT,
    ON_ACCEPTANCE,
    ON_CORRECTION,
    ON_DECISION,
    ON_DELIVERY,
    ON_PROMISE,
    ON_SPECIAL,
    SYSTEM,
    WHY_NOT,
    WINDOW,
    Effect,
    Fact,
    Transition,
    When,
)
from cases.hall.mirrored import by_departments
from cases.hall.paying_steps import PAYING

__all__ = [
    "APPLICANT",
    "APPROVER",
    "ASKED_FOR",
    "DEATH",
    "DEPARTMENT",
    "DESK",
    "HEAD",
    "INSTANT",
    "INTERNAL",
    "NAMES",
    "OF_DEPARTMENTS",
    "ON_DECISION",
    "SYSTEM",
    "TABLE",
    "TOLD",
    "WINDOW",
    "Effect",
    "Fact",
    "Transition",
    "When",
    "hindrances",
    "named",
    "open_to",
    "row",
]


def _states(*states: State) -> frozenset[State]:
    return frozenset(states)


def _facts(*facts: Fact) -> frozenset[str]:
    return frozenset(facts)


_BEFORE = _states(State.SUBMITTED, State.PRE_REVIEW)
_ACCEPTED = _states(State.ACCEPTED, State.DEEMED_ACCEPTED)
_UNDER_REVIEW = _states(State.REVIEW, State.SPECIAL, State.EXTENDED)
# nobody decides on a case whose time to answer has run out or that is on its way to another hall
_NOT_NOW = _facts(Fact.LAPSED, Fact.TRANSFER_OFFERED, Fact.TRANSFER_AGREED)
_ON_ITS_WAY = _facts(Fact.TRANSFER_AGREED)
_PROPOSED = _facts(Fact.REFUSAL_PROPOSED, Fact.EXTENSION_PROPOSED, Fact.REFUND_PROPOSED)
_NOT_PAID = _facts(Fact.FEE_TO_SET, Fact.UNPAID)

_ANSWERED = Effect(Clock.ACCEPTANCE, Act.STOP, ON_ACCEPTANCE)
_CORRECTED = Effect(Clock.CORRECTION, Act.STOP, ON_CORRECTION)
_STOPPED = (
    Effect(Clock.PROMISED, Act.STOP, ON_PROMISE),
    Effect(Clock.STATUTORY, Act.STOP, ON_DECISION),
)
_DECIDED = (*_STOPPED, Effect(Clock.DELIVERY, Act.START, ON_DELIVERY))
_ALL_STOPPED = (_ANSWERED, _CORRECTED, *_STOPPED)

_ACCEPTING: tuple[Transition, ...] = (
    Transition(
        "submit",
        _("确认无误，提交"),
        _states(State.DRAFT),
        State.SUBMITTED,
        frozenset({APPLICANT}),
        told=_("提交"),
        clocks=(Effect(Clock.ACCEPTANCE, Act.START, ON_ACCEPTANCE),),
        message="submitted",
    ),
    Transition(
        "arrive",
        _("从别的大厅转来"),
        _states(State.DRAFT),
        State.SUBMITTED,
        frozenset({SYSTEM}),
        told=_("从别的大厅转来"),
        clocks=(Effect(Clock.ACCEPTANCE, Act.START, ON_ACCEPTANCE, When.RECEIVED),),
        message="submitted",
    ),
    Transition(
        "pre_review",
        _("开始看材料"),
        _states(State.SUBMITTED),
        State.PRE_REVIEW,
        frozenset({WINDOW}),
        told=_("开始看材料"),
        unless=_NOT_NOW,
    ),
    Transition(
        "accept",
        _("受理"),
        _BEFORE,
        State.ACCEPTED,
        frozenset({WINDOW}),
        told=_("受理"),
        clocks=(
            _ANSWERED,
            Effect(Clock.PROMISED, Act.START, ON_PROMISE),
            Effect(Clock.STATUTORY, Act.START, ON_DECISION),
        ),
        document="accept",
        message="accepted",
        unless=_NOT_NOW,
    ),
    Transition(
        "not_accept",
        _("不予受理"),
        _BEFORE,
        State.NOT_ACCEPTED,
        frozenset({WINDOW}),
        told=_("没有受理"),
        needs_reason=True,
        asks=("competent",),
        clocks=(_ANSWERED,),
        document="not_accept",
        message="not_accepted",
        unless=_NOT_NOW,
    ),
    Transition(
        "deem_accepted",
        _("视为受理"),
        _BEFORE,
        State.DEEMED_ACCEPTED,
        frozenset({SYSTEM}),
        told=_("依法算已受理"),
        clocks=(
            Effect(Clock.ACCEPTANCE, Act.STOP, ON_ACCEPTANCE, When.LAPSED),
            Effect(Clock.PROMISED, Act.START, ON_ACCEPTANCE, When.RECEIVED),
            Effect(Clock.STATUTORY, Act.START, ON_ACCEPTANCE, When.RECEIVED),
        ),
        message="deemed_accepted",
        when=_facts(Fact.LAPSED),
        unless=_ON_ITS_WAY,
    ),
    Transition(
        "mend",
        _("当场更正"),
        _BEFORE,
        None,
        frozenset({WINDOW}),
        told=_("当场更正了一处"),
        needs_reason=True,
        asks=("field", "value", "consent"),
        message="mended",
        unless=_NOT_NOW,
    ),
    Transition(
        "request_correction",
        _("要求补材料"),
        _BEFORE,
        State.CORRECTION,
        frozenset({WINDOW}),
        told=_("要求补材料"),
        asks=("points",),
        clocks=(_ANSWERED, Effect(Clock.CORRECTION, Act.START, ON_CORRECTION)),
        document="correction",
        message="correction",
        unless=_NOT_NOW,
    ),
    Transition(
        "order_correction",
        _("决定再要求补一次"),
        _BEFORE,
        State.CORRECTION,
        frozenset({HEAD}),
        told=_("要求再补材料"),
        needs_reason=True,
        asks=("points",),
        clocks=(_ANSWERED, Effect(Clock.CORRECTION, Act.START, ON_CORRECTION)),
        document="correction",
        message="correction",
        when=_facts(Fact.CORRECTED),
        unless=_NOT_NOW,
    ),
    Transition(
        "cancel_correction",
        _("收回补材料的要求"),
        _states(State.CORRECTION),
        State.SUBMITTED,
        frozenset({WINDOW}),
        told=_("收回了补材料的要求"),
        needs_reason=True,
        clocks=(_CORRECTED, Effect(Clock.ACCEPTANCE, Act.START, ON_ACCEPTANCE, keeps_end=True)),
        message="correction_cancelled",
        unless=_facts(Fact.LAPSED),
    ),
    Transition(
        "resubmit",
        _("补好了，交上去"),
        _states(State.CORRECTION),
        State.SUBMITTED,
        frozenset({APPLICANT}),
        told=_("补了材料"),
        clocks=(_CORRECTED, Effect(Clock.ACCEPTANCE, Act.START, ON_ACCEPTANCE)),
        message="resubmitted",
        unless=_facts(Fact.LAPSED),
    ),
    Transition(
        "abandon",
        _("逾期未补正"),
        _states(State.CORRECTION),
        State.ABANDONED,
        frozenset({SYSTEM}),
        told=_("过期没补，结束了"),
        clocks=(Effect(Clock.CORRECTION, Act.STOP, ON_CORRECTION, When.LAPSED),),
        message="abandoned",
        when=_facts(Fact.LAPSED),
    ),
    Transition(
        "offer_transfer",
        _("问他要不要转到别的大厅"),
        _BEFORE,
        None,
        frozenset({WINDOW}),
        told=_("建议转到别的大厅"),
        needs_reason=True,
        asks=("to_hall",),
        message="transfer_offered",
        unless=_NOT_NOW,
    ),
    Transition(
        "agree_transfer",
        _("同意转过去"),
        _BEFORE,
        None,
        frozenset({APPLICANT}),
        told=_("同意转过去"),
        when=_facts(Fact.TRANSFER_OFFERED),
        unless=_facts(Fact.LAPSED),
    ),
    Transition(
        "decline_transfer",
        _("不转，就在这里办"),
        _BEFORE,
        None,
        frozenset({APPLICANT}),
        told=_("没有同意转"),
        when=_facts(Fact.TRANSFER_OFFERED),
    ),
    Transition(
        "transfer",
        _("转到别的大厅"),
        _BEFORE,
        State.TRANSFERRED,
        frozenset({SYSTEM}),
        told=_("转到了别的大厅"),
        clocks=(_ANSWERED,),
        message="transferred",
        when=_ON_ITS_WAY,
    ),
    Transition(
        "return_transfer",
        _("没有转成"),
        _BEFORE,
        None,
        frozenset({SYSTEM}),
        told=_("没有转成，还在这里办"),
        message="transfer_returned",
        when=_ON_ITS_WAY,
    ),
)

_DECIDING: tuple[Transition, ...] = (
    Transition(
        "review",
        _("开始审查"),
        _ACCEPTED,
        State.REVIEW,
        frozenset({APPROVER}),
        told=_("开始审查"),
    ),
    Transition(
        "grant",
        _("同意"),
        _states(State.REVIEW),
        State.GRANTED,
        frozenset({APPROVER}),
        told=_("同意"),
        clocks=_DECIDED,
        document="grant",
        message="granted",
        unless=_PROPOSED | _NOT_PAID | _facts(Fact.OWES_PAPERS),
        is_decision=True,
    ),
    Transition(
        "refuse",
        _("建议不同意"),
        _states(State.REVIEW),
        None,
        frozenset({APPROVER}),
        told=_("建议不同意"),
        event="propose_refusal",
        needs_reason=True,
        unless=_PROPOSED,
        proposes="refuse",
        is_decision=True,
        is_internal=True,
    ),
    Transition(
        "refuse",
        _("不同意"),
        _states(State.REVIEW),
        State.REFUSED,
        frozenset({HEAD}),
        told=_("没有同意"),
        clocks=_DECIDED,
        document="refuse",
        message="refused",
        when=_facts(Fact.REFUSAL_PROPOSED),
        settles="refuse",
        is_decision=True,
    ),
    Transition(
        "return_refusal",
        _("退回"),
        _states(State.REVIEW),
        None,
        frozenset({HEAD}),
        told=_("退回重新审查"),
        needs_reason=True,
        when=_facts(Fact.REFUSAL_PROPOSED),
        settles="refuse",
        is_decision=True,
        is_internal=True,
    ),
    Transition(
        "special",
        _("暂停计时"),
        _states(State.REVIEW),
        State.SPECIAL,
        frozenset({APPROVER}),
        told=_("要先做特别程序"),
        needs_reason=True,
        asks=("procedure", "days"),
        clocks=(
            Effect(Clock.PROMISED, Act.PAUSE, ON_SPECIAL),
            Effect(Clock.STATUTORY, Act.PAUSE, ON_SPECIAL),
        ),
        document="special",
        message="special",
        when=_facts(Fact.LISTS_SPECIAL),
        unless=_PROPOSED,
    ),
    Transition(
        "end_special",
        _("接着审查"),
        _states(State.SPECIAL),
        State.REVIEW,
        frozenset({APPROVER}),
        told=_("特别程序做完了"),
        clocks=(
            Effect(Clock.PROMISED, Act.RESUME, ON_SPECIAL),
            Effect(Clock.STATUTORY, Act.RESUME, ON_SPECIAL),
        ),
        message="resumed",
    ),
    Transition(
        "extend",
        _("申请延期"),
        _states(State.REVIEW),
        None,
        frozenset({APPROVER}),
        told=_("申请延期"),
        event="propose_extension",
        needs_reason=True,
        asks=("days",),
        when=_facts(Fact.HAS_LIMIT),
        unless=_PROPOSED | _facts(Fact.EXTENDED),
        proposes="extend",
        is_internal=True,
    ),
    Transition(
        "extend",
        _("批准延期"),
        _states(State.REVIEW),
        State.EXTENDED,
        frozenset({HEAD}),
        told=_("延期"),
        clocks=(Effect(Clock.STATUTORY, Act.EXTEND, ON_DECISION),),
        document="extend",
        message="extended",
        when=_facts(Fact.EXTENSION_PROPOSED),
        settles="extend",
    ),
    Transition(
        "return_extension",
        _("不批准延期"),
        _states(State.REVIEW),
        None,
        frozenset({HEAD}),
        told=_("没有批准延期"),
        needs_reason=True,
        when=_facts(Fact.EXTENSION_PROPOSED),
        settles="extend",
        is_internal=True,
    ),
    Transition(
        "continue_review",
        _("接着审查"),
        _states(State.EXTENDED),
        State.REVIEW,
        frozenset({APPROVER}),
        told=_("接着审查"),
    ),
    Transition(
        "ask_opinion",
        _("问别的部门"),
        _UNDER_REVIEW,
        None,
        frozenset({APPROVER}),
        told=_("问了别的部门"),
        asks=("department", "days", "question"),
        is_internal=True,
    ),
    Transition(
        "record_opinion",
        _("记下别的部门的意见"),
        _UNDER_REVIEW,
        None,
        frozenset({APPROVER}),
        told=_("别的部门答复了"),
        asks=("department", "opinion"),
        when=_facts(Fact.OPINION_ASKED),
        is_internal=True,
    ),
    Transition(
        "complete",
        _("当场办好"),
        _BEFORE,
        State.GRANTED,
        frozenset({WINDOW, APPROVER}),
        told=_("当场办好"),
        message="granted",
        when=_facts(Fact.INSTANT),
        unless=_NOT_NOW | _facts(Fact.PAYS_ONLINE),
        chain=("accept", "review", "grant"),
    ),
    Transition(
        "complete_here",
        _("当场办好，当场交给他"),
        _BEFORE,
        State.DELIVERED,
        frozenset({WINDOW}),
        told=_("当场办好，当场交了"),
        message="delivered",
        when=_facts(Fact.INSTANT),
        unless=_NOT_NOW | _facts(Fact.PAYS_ONLINE),
        chain=("accept", "review", "grant", "hand_over", "deliver"),
    ),
)

_ENDING: tuple[Transition, ...] = (
    Transition(
        "withdraw",
        _("撤回这件"),
        _BEFORE | _ACCEPTED | _UNDER_REVIEW | {State.CORRECTION},
        State.WITHDRAWN,
        frozenset({APPLICANT}),
        told=_("申请人撤回"),
        clocks=_ALL_STOPPED,
        document="withdraw",
        message="withdrawn",
        unless=_ON_ITS_WAY,
    ),
    Transition(
        "terminate",
        _("终止"),
        _states(State.CORRECTION),
        State.TERMINATED,
        frozenset({WINDOW}),
        told=_("终止"),
        needs_reason=True,
        asks=("ground", "remedy"),
        clocks=_ALL_STOPPED,
        document="terminate",
        message="terminated",
        quiet=frozenset({DEATH}),
        unless=_facts(Fact.LAPSED),
    ),
    Transition(
        "terminate",
        _("终止"),
        _states(State.REVIEW, State.SPECIAL),
        State.TERMINATED,
        frozenset({APPROVER}),
        told=_("终止"),
        needs_reason=True,
        asks=("ground", "remedy"),
        clocks=_ALL_STOPPED,
        document="terminate",
        message="terminated",
        quiet=frozenset({DEATH}),
        unless=_PROPOSED,
        is_decision=True,
    ),
    Transition(
        "archive",
        _("归档"),
        _states(State.DELIVERED, State.WITHDRAWN, State.ABANDONED, State.TERMINATED),
        State.ARCHIVED,
        frozenset({SYSTEM}),
        told=_("归档"),
    ),
)


TABLE: tuple[Transition, ...] = by_departments(
    *_ACCEPTING,
    *_DECIDING,
    *WAYS,
    *_ENDING,
    *AFTERWARDS,
    *PAYING,
)

NAMES = frozenset(step.name for step in TABLE)
# not taken by itself: filing is `services.submit`, the system's steps are the sweep's, a department's come signed
ASKED_FOR = frozenset(step.name for step in TABLE if step.who - {SYSTEM, DEPARTMENT}) - {"submit"}
OF_DEPARTMENTS = frozenset(step.name for step in TABLE if DEPARTMENT in step.who)
INTERNAL = frozenset(step.logged_as for step in TABLE if step.is_internal)
# what the log may say, in the words of a conflict: {姓名}刚处理了这件：{做了什么}
TOLD: dict[str, str | Promise] = {step.logged_as: step.told for step in TABLE} | {
    "add_file": _("补了一份材料"),
    "move_date": _("因放假安排公布，日期改了"),
}


def named(name: str) -> tuple[Transition, ...]:
    """Return the rows of this name: none when the table knows no such step."""
    return tuple(step for step in TABLE if step.name == name)


def row(name: str) -> Transition:
    """Return the one row of this name that a chain takes, not a department's. Raises KeyError."""
    found = [step for step in named(name) if step.who != {DEPARTMENT}]
    if len(found) != 1:
        raise KeyError(name)
    return found[0]


def open_to(state: str, posts: Collection[str], facts: Collection[str] = ()) -> tuple[Transition, ...]:
    """Return the steps that these posts may take on a case in this state of which these facts are true.

    A person's own rows come with the pseudo-post `applicant`. Whether this very person may (it is not their own
    case, they did not accept it) is the interpreter's to say.
    """
    return tuple(step for step in TABLE if step.is_open(state, posts, facts))


def hindrances(step: Transition, facts: Collection[str]) -> list[str]:
    """Return, in words, which facts keep this step closed."""
    return [str(WHY_NOT[fact]) for fact in WHY_NOT if fact in step.unless and fact in facts]
