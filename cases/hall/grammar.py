"""The grammar of the table of steps: who, the facts that are asked for, the acts on clocks, one row. Data, no ORM."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import Act, Clock, State, Whereabouts

# who files, and the timed job; everybody else in `who` is a post of the hall (tenants.hall.enums.PostRole)
APPLICANT = "applicant"
SYSTEM = "system"
# the own system of the department that decides: no post that anybody could hold
DEPARTMENT = "department"
WINDOW = "window"
APPROVER = "approver"
HEAD = "head"
DESK = frozenset({WINDOW, APPROVER, HEAD})

INSTANT = "instant"
# why a case is terminated, where that is told otherwise than by a message
DEATH = "death"

# 行政许可法: receipt, correction and acceptance 32, the decision's limit 42, special procedures 45, delivery 44, 撤销 69;
# the promise is the hall's own, the days for answering a correction are the notice's
ON_ACCEPTANCE = "《中华人民共和国行政许可法》第三十二条"
ON_DECISION = "《中华人民共和国行政许可法》第四十二条"
ON_SPECIAL = "《中华人民共和国行政许可法》第四十五条"
ON_DELIVERY = "《中华人民共和国行政许可法》第四十四条"
ON_PROMISE = "办事指南公布的承诺办结时限"
ON_CORRECTION = "补正通知书载明的补正期限"


class Fact(StrEnum):
    """What is true of a case besides its state: a step may need it, or its absence. An item's kind is one, too."""

    INSTANT = INSTANT
    JOINT = "joint"
    LISTS_SPECIAL = "lists_special"
    HAS_LIMIT = "has_limit"
    REFUSAL_PROPOSED = "refuse_proposed"
    EXTENSION_PROPOSED = "extend_proposed"
    REISSUE_PROPOSED = "reissue_proposed"
    CHANGE_PROPOSED = "correct_proposed"
    REVOCATION_PROPOSED = "revoke_proposed"
    EXTENDED = "extended"
    CORRECTED = "corrected"
    OWES_PAPERS = "owes_papers"
    ISSUED = "issued"
    OPINION_ASKED = "opinion_asked"
    TRANSFER_OFFERED = "transfer_offered"
    TRANSFER_AGREED = "transfer_agreed"
    LAPSED = "lapsed"
    MIRRORED = "mirrored"
    POST_CHOSEN = "post_chosen"
    IN_POST = "in_post"
    MAY_GO_TO_WINDOW = "may_go_to_window"
    PAYS_ONLINE = "pays_online"
    FEE_TO_SET = "fee_to_set"
    CHARGED = "charged"
    UNPAID = "unpaid"
    PAID = "paid"
    REFUND_PROPOSED = "refund_proposed"


# those that are a row or a proposal of the case; the others are read from its item or from the day
WHY_NOT: dict[str, str | Promise] = {
    Fact.REFUSAL_PROPOSED: _("已经建议不同意，等负责人确认"),
    Fact.EXTENSION_PROPOSED: _("已经申请延期，等负责人批准"),
    Fact.REISSUE_PROPOSED: _("已经申请补发，等别人批准"),
    Fact.CHANGE_PROPOSED: _("已经申请更正，等别人批准"),
    Fact.REVOCATION_PROPOSED: _("已经建议撤销，等别人批准"),
    Fact.REFUND_PROPOSED: _("已经申请退款，等别人批准"),
    Fact.FEE_TO_SET: _("先通知缴多少，缴了才能同意"),
    Fact.UNPAID: _("还没缴费，缴了才能同意"),
    Fact.PAYS_ONLINE: _("这件要缴费：先受理，缴了再同意"),
    Fact.OWES_PAPERS: _("先收下的材料还没补齐，补齐了才能同意"),
    Fact.EXTENDED: _("已经延过一次，不能再延"),
    Fact.TRANSFER_OFFERED: _("已经问申请人要不要转到别的大厅，等他答复"),
    Fact.TRANSFER_AGREED: _("正在转到别的大厅"),
    Fact.LAPSED: _("期限已过，系统正在登记"),
    Fact.CORRECTED: _("已经告知过一次，再要求要由负责人决定"),
    Fact.MIRRORED: _("这件由部门自己的系统办，这里只看进度"),
    Whereabouts.IN_LOCKER: _("在取件柜里：用取件码取，或先转到窗口"),
}


class When(StrEnum):
    """The legal day of a clock's act: today, the day of receipt, or the day after the clock ran out."""

    TODAY = "today"
    RECEIVED = "received"
    LAPSED = "lapsed"
    MIRRORED = "mirrored"
    POST_CHOSEN = "post_chosen"
    IN_POST = "in_post"
    MAY_GO_TO_WINDOW = "may_go_to_window"


@dataclass(frozen=True)
class Effect:
    """What a step does to one clock, on which ground and as of which day. A start takes its days from item or law.

    `keeps_end`: the clock starts again with what was left of its last run, so that its last day stays.
    """

    clock: Clock
    act: Act
    ground: str
    when: When = When.TODAY
    keeps_end: bool = False


@dataclass(frozen=True)
class Transition:
    """One row of the table.

    `frm` are the states it may be taken from, `to` where it leads (None: it stays), `who` the posts that may (or
    `applicant`, `system`). `event` is what the log says when that differs from `name`. `when` and `unless` are facts
    that must, and must not, be true. `proposes` keeps the step as a proposal of that name for a second person;
    `settles` ends one. `is_decision` keeps out whoever accepted the case, unless it is done on the spot. An internal
    step is not told to the applicant. `chain` are the steps that it takes in one act. `quiet` are grounds (what the
    step asks as `ground`) on which nobody gets a message: the document is made all the same. `leads` is where the result
    is afterwards, while it is on its way to its holder.
    """

    name: str
    label: str | Promise
    frm: frozenset[State]
    to: State | None
    who: frozenset[str]
    told: str | Promise = ""
    event: str = ""
    needs_reason: bool = False
    asks: tuple[str, ...] = ()
    clocks: tuple[Effect, ...] = ()
    document: str = ""
    message: str = ""
    when: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    proposes: str = ""
    settles: str = ""
    is_decision: bool = False
    is_internal: bool = False
    chain: tuple[str, ...] = ()
    quiet: frozenset[str] = frozenset()
    leads: str = ""

    @property
    def logged_as(self) -> str:
        """The action that the event log names."""
        return self.event or self.name

    def target(self, state: str) -> str:
        """Return the state that it leads to from this one."""
        return self.to or state

    def is_open(self, state: str, posts: Collection[str], facts: Collection[str]) -> bool:
        """Whether these posts may take it on a case in this state of which these facts are true."""
        return (
            state in self.frm
            and not self.who.isdisjoint(posts)
            and self.when.issubset(facts)
            and self.unless.isdisjoint(facts)
        )
