"""A hall's life: what each state lets whom do, and the one table of the steps between them. Data, no ORM.

`tenants.shared.life.gate` asks the states, `tenants.shared.life.changing` is the only interpreter of the steps.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.shared.enums import HallState


class Seen(StrEnum):
    """Who sees a hall at all."""

    EVERYBODY = "everybody"
    INVITED = "invited"
    STAFF = "staff"
    NOBODY = "nobody"


class Work(StrEnum):
    """What a request that writes is for (settings.HALL_ROUTES names the routes); what nothing names is NEW.

    LOOK writes nothing that is the hall's, RUNNING is what a running case may ask of its applicant by a day, or what
    takes something back; DESK is the staff's work on what runs.
    """

    DOOR = "door"
    LOOK = "look"
    RUNNING = "running"
    DESK = "desk"
    NEW = "new"


ALL = frozenset(Work)
_READ = frozenset({Work.DOOR, Work.LOOK})
# the clocks go on: whoever must do something by a day can do it
_RUNS = _READ | {Work.RUNNING}
_FINISHES = _RUNS | {Work.DESK}


@dataclass(frozen=True)
class Standing:
    """What a state means: who sees the hall, what citizens and staff may still write, whether the worker comes by.

    `notice` stands under the header of every page, `works` says what still works to whoever is refused.
    """

    seen_by: Seen
    citizens: frozenset[Work] = ALL
    staff: frozenset[Work] = ALL
    is_worked: bool = True
    # the portal leads citizens there
    is_offered: bool = False
    notice: str | Promise = ""
    works: str | Promise = ""


STATES: dict[HallState, Standing] = {
    HallState.PREPARING: Standing(
        Seen.STAFF, is_worked=False, notice=_("这个大厅还在筹备，只有工作人员能看。")
    ),
    HallState.REHEARSAL: Standing(Seen.INVITED, notice=_("试运行：受邀的人能看，这里办的件是真的。")),
    HallState.OPEN: Standing(Seen.EVERYBODY, is_offered=True),
    HallState.FROZEN: Standing(
        Seen.EVERYBODY,
        citizens=_RUNS,
        staff=_FINISHES,
        is_offered=True,
        notice=_("本厅暂停收件，查进度、取证件照常。"),
        works=_("查进度、下载材料、验证证件、补材料、交费、撤回照常。办理期限照常算。"),
    ),
    HallState.CLOSING: Standing(
        Seen.EVERYBODY,
        citizens=_RUNS,
        is_offered=True,
        notice=_("这个大厅正在关闭，不再收新的办件。查进度、取证件照常。"),
        works=_("已经交的件会办完。查进度、补材料、交费、取证件照常。"),
    ),
    HallState.ARCHIVED: Standing(
        Seen.EVERYBODY,
        citizens=_READ,
        staff=_READ,
        notice=_("这个大厅已经归档，只能查看。"),
        works=_("以前的办件、证件还能看，证件还能验证。"),
    ),
    HallState.DELETED: Standing(Seen.NOBODY, citizens=frozenset(), staff=frozenset(), is_worked=False),
}


def standing(state: str) -> Standing:
    """Return what a state means; an unknown one lets nobody in."""
    return STATES[HallState(state) if state in HallState.values else HallState.DELETED]


@dataclass(frozen=True)
class Transition:
    """A step of a hall's life. `checks` names the lists of settings.HALL_CHECKS that must find nothing.

    `needs_reason`: people are hurt by it, so that it is said why. `asks_staff`: whether the staff may go on with what runs.
    """

    name: str
    label: str | Promise
    frm: frozenset[HallState]
    to: HallState
    meaning: str | Promise
    checks: tuple[str, ...] = ()
    needs_reason: bool = False
    asks_staff: bool = False


def _from(*states: HallState) -> frozenset[HallState]:
    return frozenset(states)


TABLE: tuple[Transition, ...] = (
    Transition(
        "rehearse",
        _("开始试运行"),
        _from(HallState.PREPARING),
        HallState.REHEARSAL,
        _("工作人员和受邀的人能进，办的件是真的。群众还看不到。"),
        checks=("rehearse",),
    ),
    Transition(
        "prepare",
        _("退回筹备"),
        _from(HallState.REHEARSAL),
        HallState.PREPARING,
        _("受邀的人不能再进，工作人员接着准备。"),
        checks=("prepare",),
    ),
    Transition(
        "open",
        _("开通"),
        _from(HallState.REHEARSAL),
        HallState.OPEN,
        _("所有人都能进、能办。"),
        checks=("open",),
    ),
    Transition(
        "freeze",
        _("冻结"),
        _from(HallState.OPEN, HallState.CLOSING),
        HallState.FROZEN,
        _("不收新的办件、预约。查进度、补材料、取证件、验证照常，办理期限照常算。"),
        needs_reason=True,
        asks_staff=True,
    ),
    Transition(
        "reopen",
        _("恢复开通"),
        _from(HallState.FROZEN, HallState.CLOSING),
        HallState.OPEN,
        _("和冻结、关闭以前一样办。"),
    ),
    Transition(
        "close",
        _("开始关闭"),
        _from(HallState.REHEARSAL, HallState.OPEN, HallState.FROZEN),
        HallState.CLOSING,
        _("不再收新的办件、预约。有办件、草稿、预约的人都会收到消息，草稿过了公告的日子就删。"),
        needs_reason=True,
    ),
    Transition(
        "archive",
        _("归档"),
        _from(HallState.PREPARING, HallState.CLOSING),
        HallState.ARCHIVED,
        _("谁都只能看。证件照常验证，“我的办件”里照常看得到。"),
        checks=("archive",),
        needs_reason=True,
    ),
    Transition(
        "unarchive",
        _("取消归档"),
        _from(HallState.ARCHIVED),
        HallState.CLOSING,
        _("工作人员又能办没了结的事，仍不收新的。"),
        needs_reason=True,
    ),
)
# by the deletion alone (tenants.shared.life.deleting), which two people must want
DELETE = "delete"
UNDELETE = "undelete"


def open_from(state: str) -> list[Transition]:
    """Return the steps that lead on from a state."""
    return [step for step in TABLE if state in step.frm]


def named(name: str) -> Transition | None:
    """Return the step of this name, or None."""
    return next((step for step in TABLE if step.name == name), None)


def leading(frm: str, to: str) -> Transition | None:
    """Return the step that leads from one state to another, or None."""
    return next((step for step in open_from(frm) if step.to == to), None)
