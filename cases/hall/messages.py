"""What an applicant is told by short message (LOOK section 6). Pure: an item's name cut to 12 characters, no link."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from cases.hall.clock import short_date_text
from cases.hall.notice_rules import Said

MAX_ITEM = 12
# so that no message is longer than 64 characters, sign and all
MAX_PLACE = 20
MAX_LOCKER = 12


def text(kind: str, facts: Mapping[str, Any]) -> str:
    """Return the message of this kind, without the sender's sign.

    `facts`: item, number, query_code, due_on, statutory_due_on, for a result handed over method, tracking, window, and
    what the step asked (n, days, procedure, hall, new_number).
    Where it is the applicant's turn the first words say so. Raises KeyError for a kind that is none.
    """
    words = _TEXTS[kind]({**facts, "item": str(facts["item"])[:MAX_ITEM]})
    return yours(words) if is_yours(kind, facts) else words


def yours(words: str) -> str:
    """Return a message that begins by saying whose turn it is."""
    return _("轮到您：%(words)s") % {"words": words}


def is_yours(kind: str, facts: Mapping[str, Any]) -> bool:
    """Return whether the applicant has something to do now."""
    return kind in YOURS or (kind == "delivering" and facts.get("method") == "window")


def said(kind: str, facts: Mapping[str, Any], *, is_secret: bool = False) -> Said:
    """Return the whole of what is told: the words, and for the inbox the same without a one-time code."""
    shown = text(kind, {**facts, "code": _("见短信")}) if is_secret else ""
    due_on = facts.get("until") or facts.get("due_on")
    # what stands in an event is JSON
    due_on = date.fromisoformat(due_on) if isinstance(due_on, str) else due_on
    return Said(kind, text(kind, facts), shown, due_on, is_yours(kind, facts), is_secret)


def _day(facts: Mapping[str, Any]) -> str:
    due_on: date | None = facts.get("due_on")
    return short_date_text(due_on) if due_on else _("办结那天")


def _submitted(facts: Mapping[str, Any]) -> str:
    values = {
        "item": facts["item"],
        "number": facts["number"],
        "code": facts["query_code"],
        "day": _day(facts),
    }
    return _("%(item)s已提交，编号%(number)s，查询码%(code)s。最晚%(day)s答复。") % values


def _accepted(facts: Mapping[str, Any]) -> str:
    return _("%(item)s已受理，最晚%(day)s给您结果。") % {"item": facts["item"], "day": _day(facts)}


def _not_accepted(facts: Mapping[str, Any]) -> str:
    return _("%(item)s没有受理，原因和去处见“我的办件”。") % {"item": facts["item"]}


def _granted(facts: Mapping[str, Any]) -> str:
    return _("%(item)s已批准，最晚%(day)s把证件给您。") % {"item": facts["item"], "day": _day(facts)}


def _refused(facts: Mapping[str, Any]) -> str:
    return _("%(item)s没有同意，理由和您的权利见决定书。") % {"item": facts["item"]}


def _delivering(facts: Mapping[str, Any]) -> str:
    method = facts.get("method")
    if method == "ems":
        return _("%(item)s已寄出，EMS%(number)s。") % {
            "item": facts["item"],
            "number": facts["tracking"][:MAX_PLACE],
        }
    if method == "proxy":
        return _("%(item)s办好了，代办员会送到家。") % {"item": facts["item"]}
    if method == "electronic":
        return _("%(item)s办好了，登录“我的办件”下载。") % {"item": facts["item"]}
    if method == "locker":
        return _in_locker(facts)
    return _("%(item)s办好了，请带身份证到%(window)s取。") % {
        "item": facts["item"],
        "window": facts["window"],
    }


def _in_locker(facts: Mapping[str, Any]) -> str:
    return _("%(item)s在%(locker)s，取件码%(code)s，%(day)s前取。") % {
        "item": facts["item"],
        "locker": str(facts["locker"])[:MAX_LOCKER],
        "code": facts["code"],
        "day": short_date_text(facts["until"]),
    }


def _delivered(facts: Mapping[str, Any]) -> str:
    return _("%(item)s已办好。") % {"item": facts["item"]}


def _plain(template: Any) -> Callable[[Mapping[str, Any]], str]:
    """Return what fills a template that says no more than item, day and the step's own facts."""

    def fill(facts: Mapping[str, Any]) -> str:
        days = {"day": _day(facts), "statutory": _statutory(facts)}
        short = {name: str(value)[:MAX_PLACE] for name, value in facts.items() if value is not None}
        return str(template) % {
            "n": "",
            "days": "",
            "procedure": "",
            "hall": "",
            "label": "",
            **short,
            **days,
        }

    return fill


def _statutory(facts: Mapping[str, Any]) -> str:
    day: date | None = facts.get("statutory_due_on")
    return short_date_text(day) if day else _day(facts)


_TEXTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "submitted": _submitted,
    "correction": _plain(lazy("%(item)s要补%(n)s处材料，最晚%(day)s。登录“我的办件”补。")),
    "correction_cancelled": _plain(lazy("%(item)s不用补材料了，最晚%(day)s答复。")),
    "resubmitted": _plain(lazy("%(item)s补的材料收到了，最晚%(day)s答复。")),
    "reminder": _plain(lazy("%(item)s还有%(n)s天补材料，最晚%(day)s，过期这件会结束。")),
    "paper_owed": _plain(lazy("%(item)s还差%(paper)s，请%(by)s前补上，补齐了才能办好。")),
    "abandoned": _plain(lazy("%(item)s到期没补材料，已结束，可以重新申请。")),
    "mended": _plain(lazy("%(item)s的%(label)s，按您同意的更正了。")),
    "transfer_offered": _plain(lazy("%(item)s该由%(hall)s办。登录“我的办件”答复转不转。")),
    "transfer_returned": _plain(lazy("%(item)s没有转成，还在原来的大厅办，最晚%(day)s答复。")),
    "transferred": _plain(lazy("%(item)s转到%(hall)s了，新编号%(new_number)s，日期不变。")),
    "accepted": _accepted,
    "deemed_accepted": _plain(lazy("我们没按时答复，%(item)s依法算已受理，最晚%(day)s给您结果。")),
    "not_accepted": _not_accepted,
    "special": _plain(lazy("%(item)s需要先%(procedure)s，约%(days)s天，不计入办理时间。")),
    "resumed": _plain(lazy("%(item)s的%(procedure)s已完成，最晚%(day)s给您结果。")),
    "extended": _plain(lazy("%(item)s延长%(days)s个工作日，最晚%(statutory)s，原因见延期告知书。")),
    "date_moved": _plain(lazy("因放假安排公布，%(item)s的日期改为%(day)s。")),
    "granted": _granted,
    "refused": _refused,
    "delivering": _delivering,
    "posted_again": _plain(lazy("%(item)s又寄出了，EMS%(tracking)s。")),
    "renumbered": _plain(lazy("%(item)s的邮件单号改为EMS%(tracking)s。")),
    "mail_returned": _plain(lazy("%(item)s没寄到，退回来了。我们再寄；想自己取，登录“我的办件”改。")),
    "still_returned": _plain(lazy("%(item)s退回来还没寄出，您可以带身份证到窗口取。")),
    "to_window": _plain(lazy("%(item)s在%(window)s，请带身份证来取。")),
    "pick_up": _plain(lazy("%(item)s办好%(n)s天了，请带身份证到%(window)s取。")),
    "in_locker": _in_locker,
    "locker_ends": _plain(lazy("%(item)s在%(locker)s，最晚%(by)s，请尽快取。")),
    "delivered": _delivered,
    "withdrawn": _plain(lazy("%(item)s已按您的要求撤回，可以重新申请。")),
    "terminated": _plain(lazy("%(item)s已终止，原因和办法见“我的办件”。")),
    "reissue": _plain(lazy("%(item)s的证件补发好了，旧的不能再用。")),
    "correct": _plain(lazy("%(item)s的证件更正好了，旧的不能再用。")),
    "revoke": _plain(lazy("%(item)s的决定撤销了，理由和您的权利见“我的办件”。")),
    "charged": _plain(lazy("%(item)s要缴%(money)s，最晚%(by)s。登录“我的办件”缴。")),
    "paid": _plain(lazy("%(item)s的%(money)s收到了，收据见“我的办件”。")),
    "waived": _plain(lazy("%(item)s不用缴费了，我们接着办。")),
    "sent_back": _plain(lazy("%(item)s的%(money)s不用缴，会原路退给您。")),
    "refunding": _plain(lazy("%(item)s的%(money)s同意退给您，怎么退见“我的办件”。")),
    "refunded": _plain(lazy("%(item)s的%(money)s退给您了。")),
    "draft_ends": _plain(lazy("%(item)s还没提交，%(day)s将删除草稿。")),
}
KINDS = frozenset(_TEXTS)
# whose turn it is when one of these leaves
YOURS = frozenset(
    {
        "correction", "reminder", "paper_owed", "transfer_offered", "to_window", "pick_up", "in_locker", "locker_ends",
        "charged",
    }
)  # fmt: skip
# told by the timed job, without a step of the table
TIMED = frozenset(
    {"reminder", "paper_owed", "date_moved", "draft_ends", "pick_up", "still_returned", "locker_ends"}
)
