"""How a result comes to its holder: the places it may be at, and the steps between them. Data, no ORM.

The one declaration of what goes on inside the state `delivering`: pages, API, messages, reminders and
docs/case-life.md are made from it. Which way ends the hall's time (行政许可法 44) is a word of each place:
docs/decisions/0007 says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import Act, Clock, State, Turn, Whereabouts
from cases.hall.grammar import (
    APPLICANT,
    DEPARTMENT,
    ON_DELIVERY,
    SYSTEM,
    WINDOW,
    Effect,
    Fact,
    Transition,
)

Words = str | Promise

# 自然日: a window keeps what is not fetched, and reminds; a locker is emptied; what came back waits to go out again
WINDOW_KEPT_DAYS, WINDOW_REMINDERS = 60, (7, 30)
LOCKER_DAYS, LOCKER_REMINDERS = 3, (2,)
RETURNED_REMINDERS = (3,)
# 工作日: a proxy carries home
PROXY_DAYS = 2
# 自然日: what lies in the holder's account counts as arrived the day after
ONLINE_DAYS = 1
MAX_CODES = 5


@dataclass(frozen=True)
class Place:
    """Where a result may be. `headline`, `following` and `bring` hold %(window)s, %(number)s and the like.

    `is_at_hand`: the holder can have it and was told so; the hall's time to deliver ends. `reminders` are the days
    after arriving there at which its holder is told again, with the message `reminds`.
    """

    turn: Turn
    headline: Words
    following: Words
    bring: Words = ""
    until: Words = ""
    waits: Words = ""
    is_at_hand: bool = False
    reminders: tuple[int, ...] = ()
    reminds: str = ""


_ID = _("带身份证原件。让别人来取，他要带您和他的身份证，还有您签名的委托书。")

PLACES: Mapping[Whereabouts, Place] = {
    Whereabouts.ONLINE: Place(
        Turn.APPLICANT,
        _("办好了。"),
        _("在下面下载。"),
        waits=_("已发到网上，等下载"),
        is_at_hand=True,
    ),
    Whereabouts.POSTED: Place(
        Turn.HALL,
        _("已寄出。"),
        _("单号%(number)s。"),
        bring=_("收件人签收时看一下封口，破了可以拒收。"),
        waits=_("已寄出，等签收"),
    ),
    Whereabouts.RETURNED: Place(
        Turn.HALL,
        _("没寄到，退回来了。"),
        _("我们会再寄一次；想自己来取，在这里改。"),
        waits=_("退回来了，要再寄或转窗口"),
        reminders=RETURNED_REMINDERS,
        reminds="still_returned",
    ),
    Whereabouts.POSTED_AGAIN: Place(
        Turn.HALL,
        _("又寄出了。"),
        _("单号%(number)s。再退回来，就请您到窗口取。"),
        bring=_("收件人签收时看一下封口，破了可以拒收。"),
        waits=_("第二次寄出，等签收"),
    ),
    Whereabouts.AT_WINDOW: Place(
        Turn.APPLICANT,
        _("办好了，等您来取。"),
        _("请带身份证到%(window)s取。"),
        bring=_ID,
        until=_("窗口替您保管到%(until)s；过后来取，请先打电话。"),
        waits=_("等申请人来窗口取"),
        is_at_hand=True,
        reminders=WINDOW_REMINDERS,
        reminds="pick_up",
    ),
    Whereabouts.IN_LOCKER: Place(
        Turn.APPLICANT,
        _("办好了，在取件柜里。"),
        _("到%(locker)s，输入短信里的取件码。"),
        until=_("在柜里放到%(until)s；过期我们拿回窗口，您还能取。"),
        waits=_("在取件柜，等申请人取"),
        is_at_hand=True,
        reminders=LOCKER_REMINDERS,
        reminds="locker_ends",
    ),
    Whereabouts.WITH_PROXY: Place(
        Turn.HALL,
        _("办好了。"),
        _("%(proxy)s会送到家。"),
        bring=_("当面看清楚再签收，不收费。"),
        until=_("%(until)s前送到。"),
        waits=_("代办员在送，等签收回执"),
    ),
}

# how it is sent → where it then is
FIRST_PLACE: Mapping[str, Whereabouts] = {
    "window": Whereabouts.AT_WINDOW,
    "ems": Whereabouts.POSTED,
    "proxy": Whereabouts.WITH_PROXY,
    "electronic": Whereabouts.ONLINE,
    "locker": Whereabouts.IN_LOCKER,
}
# facts that hold at several places
GROUPS: Mapping[str, frozenset[Whereabouts]] = {
    Fact.IN_POST: frozenset({Whereabouts.POSTED, Whereabouts.POSTED_AGAIN}),
    Fact.MAY_GO_TO_WINDOW: frozenset(
        {Whereabouts.RETURNED, Whereabouts.IN_LOCKER, Whereabouts.WITH_PROXY, Whereabouts.ONLINE}
    ),
}

_HERE = frozenset({State.DELIVERING})
_BEFORE_POSTING = frozenset(
    {
        State.SUBMITTED,
        State.PRE_REVIEW,
        State.ACCEPTED,
        State.DEEMED_ACCEPTED,
        State.REVIEW,
        State.SPECIAL,
        State.EXTENDED,
        State.GRANTED,
        State.REFUSED,
    }
)
AT_HAND = Effect(Clock.DELIVERY, Act.STOP, ON_DELIVERY)
_SIGNED = (AT_HAND,)


def _at(*facts: str) -> frozenset[str]:
    return frozenset(facts)


WAYS: tuple[Transition, ...] = (
    Transition(
        "hand_over",
        _("移交"),
        frozenset({State.GRANTED, State.REFUSED}),
        State.DELIVERING,
        frozenset({WINDOW, DEPARTMENT}),
        told=_("移交送达"),
        asks=("method", "number", "window", "proxy", "locker"),
        message="delivering",
    ),
    Transition(
        "deliver",
        _("已送达"),
        _HERE,
        State.DELIVERED,
        frozenset({WINDOW, DEPARTMENT}),
        told=_("办好了"),
        clocks=_SIGNED,
        document="receipt",
        message="delivered",
        unless=_at(Whereabouts.IN_LOCKER),
    ),
    Transition(
        "hand_out",
        _("核对证件，交给他"),
        _HERE,
        State.DELIVERED,
        frozenset({WINDOW}),
        told=_("核对证件，交给他了"),
        asks=("receiver", "id_number"),
        clocks=_SIGNED,
        document="receipt",
        message="delivered",
        when=_at(Whereabouts.AT_WINDOW),
    ),
    Transition(
        "open_locker",
        _("用取件码取走了"),
        _HERE,
        State.DELIVERED,
        frozenset({WINDOW}),
        told=_("从取件柜取走了"),
        asks=("code",),
        clocks=_SIGNED,
        document="receipt",
        message="delivered",
        when=_at(Whereabouts.IN_LOCKER),
    ),
    Transition(
        "acknowledge",
        _("我收到了"),
        _HERE,
        State.DELIVERED,
        frozenset({APPLICANT}),
        told=_("申请人收到了"),
        clocks=_SIGNED,
        document="receipt",
        when=_at(Whereabouts.ONLINE),
    ),
    Transition(
        "arrive_online",
        _("到了申请人的账号"),
        _HERE,
        State.DELIVERED,
        frozenset({SYSTEM}),
        told=_("发到账号里了"),
        clocks=_SIGNED,
        document="receipt",
        when=_at(Whereabouts.ONLINE),
    ),
    Transition(
        "correct_number",
        _("改邮件单号"),
        _HERE,
        None,
        frozenset({WINDOW}),
        told=_("改了邮件单号"),
        needs_reason=True,
        asks=("number",),
        message="renumbered",
        when=_at(Fact.IN_POST),
    ),
    Transition(
        "mail_returned",
        _("退回来了"),
        _HERE,
        None,
        frozenset({WINDOW}),
        told=_("邮件退回来了"),
        needs_reason=True,
        message="mail_returned",
        when=_at(Whereabouts.POSTED),
        leads=Whereabouts.RETURNED,
    ),
    Transition(
        "mail_returned",
        _("又退回来了，转窗口"),
        _HERE,
        None,
        frozenset({WINDOW}),
        told=_("邮件退回来了"),
        needs_reason=True,
        asks=("window",),
        message="to_window",
        when=_at(Whereabouts.POSTED_AGAIN),
        leads=Whereabouts.AT_WINDOW,
    ),
    Transition(
        "post_again",
        _("再寄一次"),
        _HERE,
        None,
        frozenset({WINDOW}),
        told=_("又寄出了"),
        asks=("number", "address"),
        message="posted_again",
        when=_at(Whereabouts.RETURNED),
        leads=Whereabouts.POSTED_AGAIN,
    ),
    Transition(
        "to_window",
        _("转到窗口"),
        _HERE,
        None,
        frozenset({WINDOW}),
        told=_("转到窗口了"),
        asks=("window",),
        message="to_window",
        when=_at(Fact.MAY_GO_TO_WINDOW),
        leads=Whereabouts.AT_WINDOW,
    ),
    Transition(
        "to_locker",
        _("放进取件柜"),
        _HERE,
        None,
        frozenset({WINDOW}),
        told=_("放进取件柜了"),
        asks=("locker",),
        message="in_locker",
        when=_at(Whereabouts.AT_WINDOW),
        leads=Whereabouts.IN_LOCKER,
    ),
    Transition(
        "resend_code",
        _("再发一次取件码"),
        _HERE,
        None,
        frozenset({APPLICANT}),
        told=_("又发了取件码"),
        message="in_locker",
        when=_at(Whereabouts.IN_LOCKER),
    ),
    Transition(
        "empty_locker",
        _("取件柜到期，拿回窗口"),
        _HERE,
        None,
        frozenset({SYSTEM}),
        told=_("取件柜到期，拿回窗口了"),
        message="to_window",
        when=_at(Whereabouts.IN_LOCKER),
        leads=Whereabouts.AT_WINDOW,
    ),
    Transition(
        "choose_window",
        _("不寄了，自己来取"),
        _BEFORE_POSTING,
        None,
        frozenset({APPLICANT}),
        told=_("改成自己来取"),
        when=_at(Fact.POST_CHOSEN),
        unless=_at(Fact.TRANSFER_AGREED),
    ),
    Transition(
        "choose_window",
        _("不寄了，自己来取"),
        _HERE,
        None,
        frozenset({APPLICANT}),
        told=_("改成自己来取"),
        message="to_window",
        when=_at(Whereabouts.RETURNED),
        leads=Whereabouts.AT_WINDOW,
    ),
)


def facts_of(whereabouts: str) -> set[str]:
    """Return what is true of a result at this place."""
    if not whereabouts:
        return set()
    return {whereabouts, *(str(fact) for fact, places in GROUPS.items() if whereabouts in places)}


def place_after(step: Transition, before: str, method: str) -> str:
    """Return where the result is after this step: `method` says it of a hand-over."""
    if step.name == "hand_over":
        return FIRST_PLACE.get(method, Whereabouts.AT_WINDOW)
    if step.to is not None:
        return ""
    return step.leads or before


def turn(whereabouts: str) -> Turn:
    """Return whose turn it is: what is at hand waits for its holder."""
    return PLACES[Whereabouts(whereabouts)].turn if whereabouts else Turn.APPLICANT


def is_at_hand(whereabouts: str) -> bool:
    """Whether the holder can have it and was told so."""
    return bool(whereabouts) and PLACES[Whereabouts(whereabouts)].is_at_hand
