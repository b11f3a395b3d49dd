"""A result on its way: where it is, since and until when, and the receipt 送达回证 of how it came to its holder."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.encryption import blind_index
from accounts.masking import mask_id, mask_name
from accounts.validators import id_problem, normalize_id
from cases.hall import delivering, handover
from cases.hall.enums import State, Whereabouts
from cases.hall.grammar import Fact
from cases.hall.models import Case, DeliveryReceipt, Event, Handing
from cases.hall.queries import calendar

CODE_LENGTH = 6
_ADDRESS = ("recipient", "phone", "address")
# 自然日 for which each place keeps it; a proxy's are working days
_KEPT = {
    Whereabouts.ONLINE: delivering.ONLINE_DAYS,
    Whereabouts.AT_WINDOW: delivering.WINDOW_KEPT_DAYS,
    Whereabouts.IN_LOCKER: delivering.LOCKER_DAYS,
}
# where it was, and how it was checked, where the step says both
_BY_STEP: dict[str, tuple[str, str]] = {
    "open_locker": (Whereabouts.IN_LOCKER, DeliveryReceipt.CODE),
    "acknowledge": (Whereabouts.ONLINE, DeliveryReceipt.ARRIVED),
    "arrive_online": (Whereabouts.ONLINE, DeliveryReceipt.ARRIVED),
}


def move(case: Case, event: Event, now: datetime) -> dict[str, Any] | None:
    """Note where it is now; a locker's code is returned to be told, and kept as a digest."""
    said = event.data
    row: Handing = getattr(case, "handing", None) or Handing(case=case)
    if case.state != State.DELIVERING:
        # nothing is on its way yet: the applicant will fetch it
        case.delivery = {"method": handover.WINDOW}
        case.save(update_fields=["delivery"])
        return None
    row.since, row.until, row.reminded = now, _until(case.whereabouts, now), None
    for name in ("number", "window", "locker", "proxy"):
        setattr(row, name, str(said.get(name) or getattr(row, name)))
    if case.whereabouts == Whereabouts.AT_WINDOW and not row.window:
        row.window = handover.first_window(case.item.get("windows") or [])
    if case.whereabouts in delivering.GROUPS[Fact.IN_POST]:
        row.address = {name: str(case.delivery.get(name) or "") for name in _ADDRESS}
        if said.get("address"):
            row.address["address"] = said["address"]
    row.code_digest, row.codes_sent = "", 0
    told = _code(row) if case.whereabouts == Whereabouts.IN_LOCKER else None
    row.save()
    if case.whereabouts == Whereabouts.WITH_PROXY:
        # the proxy signs for what is carried
        _write(
            case, event, now, taken_by=DeliveryReceipt.PROXY, name=row.proxy, checked=DeliveryReceipt.SIGNED
        )
    return told or {"window": row.window}


def new_code(case: Case, event: Event, now: datetime) -> dict[str, Any]:
    """Give another one-time code: the one before opens nothing any more."""
    row = case.handing
    told = _code(row)
    row.save(update_fields=["code_digest", "codes_sent"])
    return told


def _code(row: Handing) -> dict[str, Any]:
    code = "".join(secrets.choice("0123456789") for _digit in range(CODE_LENGTH))
    row.code_digest, row.codes_sent = digest(row.case_id, code), row.codes_sent + 1
    return {"code": code, "locker": row.locker, "until": row.until}


def digest(case: Any, code: str) -> str:
    """Return what is kept of a code: nobody without the hall's key finds the six digits in it."""
    return blind_index(f"locker:{case}:{code}")


def renumber(case: Case, event: Event, now: datetime) -> None:
    """Put a parcel's number right."""
    case.handing.number = event.data["number"]
    case.handing.save(update_fields=["number"])


def _until(whereabouts: str, now: datetime) -> date | None:
    today = timezone.localdate(now)
    if whereabouts == Whereabouts.WITH_PROXY:
        return calendar.current().add_workdays(today, delivering.PROXY_DAYS).date
    days = _KEPT.get(Whereabouts(whereabouts))
    return today + timedelta(days=days) if days else None


def receive(case: Case, event: Event, now: datetime) -> None:
    """Write the receipt: who took it, and how that was checked."""
    said = event.data
    _way, checked = _BY_STEP.get(event.action, ("", str(said.get("checked") or DeliveryReceipt.SEEN)))
    taken_by = str(said.get("taken_by") or DeliveryReceipt.HOLDER)
    _write(case, event, now, taken_by=taken_by, name=str(said.get("receiver") or ""), checked=checked)


def _write(case: Case, event: Event, now: datetime, *, taken_by: str, name: str, checked: str) -> None:
    known, _checked = _BY_STEP.get(event.action, ("", ""))
    way = known or event.data.get("way") or event.data.get("method") or case.whereabouts
    masked = name if name.endswith("*") else mask_name(name)
    DeliveryReceipt.objects.create(
        case=case,
        event=event,
        way=str(way)[:12],
        taken_by=taken_by,
        receiver_masked=masked or mask_name(str(case.applicant.get("name", ""))),
        id_masked=str(event.data.get("id_masked") or ""),
        checked=checked,
        given_by=event.actor_name,
        at=now,
    )


def taken(case: Case, said: dict[str, str], today: date) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the log keeps of who took a result (masked), and the errors by field.

    Without an ID number the clerk says that the original was seen. A number must be the applicant's, or that of the
    agent who is named.
    """
    holder = str(case.applicant.get("name", ""))
    name, number = said.get("receiver", ""), normalize_id(said.get("id_number", ""))
    is_agent = bool(name) and name != holder
    facts = {
        "way": case.whereabouts,
        "taken_by": DeliveryReceipt.AGENT if is_agent else DeliveryReceipt.HOLDER,
        "receiver": mask_name(name or holder),
        "checked": DeliveryReceipt.SEEN,
    }
    if case.whereabouts in delivering.GROUPS[Fact.IN_POST]:
        facts["checked"] = DeliveryReceipt.CARRIER
    elif case.whereabouts == Whereabouts.WITH_PROXY:
        facts["checked"] = DeliveryReceipt.SIGNED
    if not number:
        return facts, {}
    if problem := id_problem(number, today):
        return {}, {"id_number": problem}
    if not is_agent and number != str(case.applicant.get("id_number", "")):
        return {}, {"id_number": _("和申请人的证件号对不上；代领的，把代领人的姓名也填上")}
    return {**facts, "checked": DeliveryReceipt.NUMBER, "id_masked": mask_id(number)}, {}
