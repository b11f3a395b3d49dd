"""The worker's way with what people asked for: taken under a lease, done hall by hall in the halls' own scopes, resumed after kill -9.

An export is made from the beginning by whoever takes it up again. An erasure or a closing leaves in each hall a receipt in the
transaction that did it, so that what is done is not done twice and nothing is forgotten. A hall that is away is tried again.
"""

import logging
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.core.files import File
from django.core.files.storage import storages
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import sms
from accounts.actor import Actor
from accounts.encryption import NotReadable
from accounts.models import Material, Person, SignIn
from accounts.queries import companies_of
from accounts.services import closing, materials
from cases.hall.services.rights import collecting, erasing
from cases.hall.services.rights.packing import Pack
from cases.shared.models import FILE_DAYS, DataReceipt, DataRequest, Reading, RequestKind, RequestState
from tenants.shared import queries, scope
from tenants.shared.enums import HallState
from tenants.shared.models import Hall

STORAGE = "cases"
LEASE = timedelta(minutes=10)
AGAIN = timedelta(minutes=10)
log = logging.getLogger(__name__)

Stopped = Callable[[], bool]
Clock = Callable[[], datetime]


class Stopping(Exception):
    """The worker is told to stop: the request goes back, for whoever comes next."""


def do_waiting(*, stopped: Stopped, now: Clock = timezone.now) -> int:
    """Do what is due, one request after the other; return how many were looked at. Outside any scope."""
    done = 0
    while not stopped():
        request = _take(now())
        if request is None:
            break
        work = {RequestKind.EXPORT: _export, RequestKind.ERASE: _erase, RequestKind.CLOSE: _close}
        work[RequestKind(request.kind)](request, now, stopped)
        done += 1
    return done


def _take(now: datetime) -> DataRequest | None:
    with scope.city():
        due = DataRequest.objects.due(now).select_for_update(skip_locked=True).order_by("next_try_at", "id")
        request = due.first()
        if request is not None:
            _keep(request, held_until=now + LEASE)
        return request


def _keep(request: DataRequest, **changed: Any) -> None:
    """Save these fields of a request; in the city's scope."""
    for name, value in changed.items():
        setattr(request, name, value)
    request.save(update_fields=list(changed))


def _report(request: DataRequest, now: datetime, **changed: Any) -> None:
    with scope.city():
        _keep(request, held_until=now + LEASE, **changed)


def _give_back(request: DataRequest) -> None:
    with scope.city():
        _keep(request, held_until=None)


def _halls() -> list[Hall]:
    """Return every hall that may keep something of somebody: an archived one too."""
    return [hall for hall in queries.halls() if hall.state != HallState.PREPARING]


def _in_each(
    request: DataRequest, halls: list[Hall], do: Callable[[Hall], None], now: Clock, stopped: Stopped
) -> list[str]:
    """Do something in each hall's scope, say after each that it is done; return the roles of those that were away."""
    away = []
    for hall in halls:
        if stopped():
            raise Stopping
        try:
            with scope.hall(hall):
                do(hall)
        except (scope.WrongHall, DatabaseError) as problem:
            # one hall's trouble is no other's; the text might hold personal data
            log.warning("request %s: %s is away: %s", request.pk, hall.key, type(problem).__name__)
            queries.forget()
            away.append(hall.role)
        else:
            _report(request, now(), reached=sorted({*request.reached, hall.role}))
    return away


# --- a copy of everything


def _export(request: DataRequest, now: Clock, stopped: Stopped) -> None:
    held: list[collecting.Held] = []
    with tempfile.TemporaryFile(prefix="rights-") as stream:
        with Pack(stream, now=now()) as pack:

            def collect(hall: Hall) -> None:
                held.append(collecting.collect(hall, request.person, pack, now=now()))

            try:
                _report(request, now(), reached=[])
                away = _in_each(request, _halls(), collect, now, stopped)
            except Stopping:
                _give_back(request)
                return
            _front_page(request, pack, held, away, now())
        size = stream.tell()
        stream.seek(0)
        path = f"city/rights/{request.pk}.zip"
        storages[STORAGE].delete(path)
        path = storages[STORAGE].save(path, File(stream))
    is_first = request.state == RequestState.WAITING
    moment = now()
    with scope.city():
        _keep(
            request,
            state=RequestState.READY,
            path=path,
            size=size,
            away=away,
            finished_at=moment if is_first else request.finished_at,
            held_until=None,
            next_try_at=moment + AGAIN,
        )
    if is_first:
        _tell(request, _("您要的资料备好了，{n}天内登录“我的资料”下载。").format(n=FILE_DAYS))


def _front_page(
    request: DataRequest, pack: Pack, held: list[collecting.Held], away: list[str], now: datetime
) -> None:
    names = {hall.role: hall.name for hall in _halls()}
    account, readings = (
        {**_account(request), "materials": _materials(request, pack)},
        _readings(request, names),
    )
    pack.data("account.json", account)
    pack.data("readings.json", readings)
    context = {
        "account": account,
        "held": [one for one in held if not one.is_empty],
        "away": [names[role] for role in away],
        "readings": readings,
        "made_at": now,
    }
    pack.page("index.html", "index.html", context)


def _account(request: DataRequest) -> dict[str, Any]:
    person = Person.objects.get(pk=request.person)
    companies = companies_of(Actor.of(person, may_hold_posts=False))
    return {
        "name": person.name,
        "id_number": person.id_number,
        "phone": person.phone,
        "username": person.username,
        "town": person.town,
        "created_at": person.created_at,
        "companies": [
            {"name": company.name, "uscc": company.uscc, "is_proved": company.is_proved}
            for company in companies
        ],
        "sign_ins": list(
            SignIn.objects.filter(person_id=person.pk)
            .order_by("-at", "id")
            .values("at", "hall", "how", "succeeded", "address")
        ),
    }


def _materials(request: DataRequest, pack: Pack) -> list[dict[str, Any]]:
    """Put in what the person keeps to hand in again; a paper whose content is lost or unreadable is named without it."""
    found = []
    for row in Material.objects.filter(person=request.person).order_by("kept_at", "id"):
        path = ""
        with suppress(FileNotFoundError, NotReadable):
            path = pack.copy("我的材料", row.name, BytesIO(materials.content(row)))
        found.append(
            {
                "label": row.label,
                "trust": str(row.get_trust_display()),
                "source": row.source,
                "expires_on": row.expires_on,
                "kept_at": row.kept_at,
                "path": path,
            }
        )
    return found


def _of_account(request: DataRequest, companies: int) -> dict[str, int]:
    """Erase what the account keeps itself, and return the receipt's lines; what an earlier try did counts."""
    done = {"companies": companies, "materials": materials.erase(request.person)}
    return {name: number or request.lines.get(name, 0) for name, number in done.items()}


def _readings(request: DataRequest, names: dict[str, str]) -> list[dict[str, Any]]:
    with scope.portal():
        found = list(Reading.objects.filter(person=request.person).order_by("-at", "id"))
    return [
        {
            "at": row.at,
            "hall": names.get(row.hall_id, ""),
            "reader": row.reader,
            "case": row.case_number,
            "item_name": row.item_name,
            "purpose": str(row.get_purpose_display()),
            "note": row.note,
            "record": str(row.pk),
        }
        for row in found
    ]


# --- erasure, and the end of an account


def _erase(request: DataRequest, now: Clock, stopped: Stopped) -> None:
    lines = _of_account(request, closing.end_agencies(request.person))
    if _everywhere(request, erasing.erase, lines, now, stopped):
        _tell(request, _("您要求删除的资料已经删了，登录“我的资料”看删了什么。"))


def _close(request: DataRequest, now: Clock, stopped: Stopped) -> None:
    person = Person.objects.get(pk=request.person)
    if person.closed_at is None:
        try:
            # what was closed once and is open again was opened at a window
            problem = _("账号已经恢复了。") if request.lines else closing.hindrance(person.pk)
            problem = problem or _posts(request, now, stopped)
        except Stopping:
            _give_back(request)
            return
        if problem:
            ended = {"state": RequestState.REFUSED, "problem": problem[:300], "finished_at": now()}
            with scope.city():
                _keep(request, held_until=None, **ended)
            return
    lines = _of_account(request, closing.close(person.pk, now=now()))
    _everywhere(request, erasing.leave, lines, now, stopped)


def _posts(request: DataRequest, now: Clock, stopped: Stopped) -> str:
    """Say which halls must end a post first; empty when none. A post of a hall that is away opens nothing without an account."""
    found: list[str] = []

    def look(hall: Hall) -> None:
        if erasing.hindrance(request.person, now=now()):
            found.append(hall.name)

    _in_each(request, _halls(), look, now, stopped)
    words = _("您在{halls}还有岗位或代办任期，请那里先撤掉，再来注销。")
    return words.format(halls="、".join(found)) if found else ""


def _everywhere(
    request: DataRequest,
    step: Callable[..., dict[str, int]],
    lines: dict[str, int],
    now: Clock,
    stopped: Stopped,
) -> bool:
    """Take this step in every hall that has not taken it; return whether all have. What is missing is tried again."""

    def once(hall: Hall) -> None:
        if DataReceipt.objects.filter(request=request.pk).exists():
            return
        removed = step(request.person, now=now())
        DataReceipt(request=request.pk, hall_id=hall.role, lines=removed, done_at=now()).save(
            force_insert=True
        )

    try:
        _report(request, now(), reached=[], lines=lines)
        _drop_exports(request)
        away = _in_each(request, _halls(), once, now, stopped)
    except Stopping:
        _give_back(request)
        return False
    moment = now()
    with scope.city():
        if away:
            _keep(request, away=away, held_until=None, next_try_at=moment + AGAIN)
        else:
            _keep(request, away=[], held_until=None, state=RequestState.DONE, finished_at=moment)
    return not away


def _drop_exports(request: DataRequest) -> None:
    """Take away the copies that were made for this person: they hold what is erased."""
    with scope.city():
        for row in DataRequest.objects.filter(person=request.person, state=RequestState.READY).exclude(
            path=""
        ):
            storages[STORAGE].delete(row.path)
            _keep(row, state=RequestState.GONE, path="", away=[])


def _tell(request: DataRequest, text: str) -> None:
    """Send word that it is done; the page says the same, so one that does not leave is no loss."""
    phone = Person.objects.filter(pk=request.person).values_list("phone", flat=True).first()
    if phone:
        try:
            sms.send(phone, text, message_id=request.pk.hex)
        except sms.NotSent:
            log.warning("request %s: the message did not leave", request.pk)
