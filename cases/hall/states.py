"""What each state of a case means: whose turn it is, what its applicant reads, what the desk waits for (DOMAIN 3, LOOK 6).

Data, no ORM. Together with `cases.hall.transitions` it is the one declaration of a case's life: pages, API, messages,
the diagram of docs/case-life.md and the table of tests are made from the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import Clock, State, Turn

Words = str | Promise


@dataclass(frozen=True)
class StateRow:
    """One state. `headline` and `following` hold %(day)s, %(n)s and other names that `queries.progress` fills.

    `waits` are the desk's words, `coming` the steps that the timeline still shows. A case that takes files takes
    papers that follow; one that has ended leaves every queue but 已办完. `clocks` are those that may run in it.
    """

    turn: Turn
    headline: Words
    following: Words = ""
    waits: Words = ""
    coming: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()
    takes_files: bool = False
    is_ended: bool = False


_LIMITS = (Clock.PROMISED, Clock.STATUTORY)
_BY_THEN = _("最晚%(day)s给您结果。")
_DECIDING = ("decide", "deliver")

STATES: Mapping[State, StateRow] = {
    State.DRAFT: StateRow(Turn.APPLICANT, _("还没提交，已替您存好。"), _("%(kept)s前不提交会删除。")),
    State.SUBMITTED: StateRow(
        Turn.HALL,
        _("已提交，等工作人员看。"),
        _("最晚%(day)s告诉您收不收。"),
        _("等窗口受理"),
        ("accept", *_DECIDING),
        (Clock.ACCEPTANCE,),
        takes_files=True,
    ),
    State.PRE_REVIEW: StateRow(
        Turn.HALL,
        _("正在看您的材料。"),
        _("最晚%(day)s告诉您收不收。"),
        _("窗口在看材料"),
        ("accept", *_DECIDING),
        (Clock.ACCEPTANCE,),
        takes_files=True,
    ),
    State.CORRECTION: StateRow(
        Turn.APPLICANT,
        _("请补 %(n)s 处，补完我们接着办。"),
        _("最晚%(day)s，到期不补这件会结束。"),
        _("等申请人补材料"),
        ("correct", "accept", *_DECIDING),
        (Clock.CORRECTION,),
    ),
    State.TRANSFERRED: StateRow(
        Turn.NOBODY,
        _("转到%(hall)s办了，收到的日期不变。"),
        _("新的编号：%(new_number)s。"),
        _("转到别的大厅了"),
        is_ended=True,
    ),
    State.ACCEPTED: StateRow(
        Turn.HALL,
        _("已受理，开始计时。"),
        _BY_THEN,
        _("等开始审查"),
        _DECIDING,
        _LIMITS,
        takes_files=True,
    ),
    State.DEEMED_ACCEPTED: StateRow(
        Turn.HALL,
        _("我们没按时答复，依法算已受理，从收到那天计时。"),
        _BY_THEN,
        _("视为受理，等开始审查"),
        _DECIDING,
        _LIMITS,
        takes_files=True,
    ),
    State.NOT_ACCEPTED: StateRow(
        Turn.NOBODY,
        _("没有受理，原因在下面。"),
        _("您可以改好后重新申请。"),
        _("没有受理，已办完"),
        is_ended=True,
    ),
    State.REVIEW: StateRow(
        Turn.HALL,
        _("%(department)s正在审查，您不用做什么。"),
        _BY_THEN,
        _("等审批人决定"),
        _DECIDING,
        _LIMITS,
        takes_files=True,
    ),
    State.SPECIAL: StateRow(
        Turn.HALL,
        _("需要先%(procedure)s，约 %(days)s 天，这段不算时间。"),
        _("做完接着审查，会告诉您新的日期。"),
        _("等特别程序做完"),
        ("special", *_DECIDING),
        _LIMITS,
        takes_files=True,
    ),
    State.EXTENDED: StateRow(
        Turn.HALL,
        _("经批准延长 %(days)s 天，原因在下面。"),
        _("最晚%(statutory)s。"),
        _("已延期，等接着审查"),
        _DECIDING,
        _LIMITS,
        takes_files=True,
    ),
    State.GRANTED: StateRow(
        Turn.HALL,
        _("同意了，正在制证。"),
        _("最晚%(day)s给到您。"),
        _("等移交结果"),
        ("deliver",),
        (Clock.DELIVERY,),
    ),
    State.REFUSED: StateRow(
        Turn.HALL,
        _("没有同意，理由在下面。"),
        _("不服可在 60 天内申请行政复议，6 个月内起诉。"),
        _("等送决定书"),
        ("deliver",),
        (Clock.DELIVERY,),
    ),
    State.DELIVERING: StateRow(
        Turn.APPLICANT,
        _("办好了，等您来取。"),
        _("请带身份证到%(window)s取。"),
        _("等送达"),
        ("deliver",),
        (Clock.DELIVERY,),
    ),
    State.DELIVERED: StateRow(Turn.NOBODY, _("已办好。"), "", _("已办完"), is_ended=True),
    State.WITHDRAWN: StateRow(
        Turn.NOBODY, _("您撤回了这件，可以重新申请。"), "", _("申请人撤回了"), is_ended=True
    ),
    State.ABANDONED: StateRow(
        Turn.NOBODY,
        _("到%(lapsed)s没补材料，这件结束了，可以重新申请。"),
        "",
        _("过期没补，已结束"),
        is_ended=True,
    ),
    State.TERMINATED: StateRow(
        Turn.NOBODY,
        _("这件不再办了，原因在下面。"),
        _("您可以%(remedy)s。"),
        _("已终止"),
        is_ended=True,
    ),
    State.ARCHIVED: StateRow(Turn.NOBODY, _("已归档，只能查看。"), "", _("已归档"), is_ended=True),
}

ENDED = frozenset(state for state, row in STATES.items() if row.is_ended)
TAKING_FILES = frozenset(state for state, row in STATES.items() if row.takes_files)
