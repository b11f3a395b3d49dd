"""Proving that backups can be restored: a hall is exported, restored under a key of its own, compared, and the copy removed."""

import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Max

from accounts.actor import NOBODY
from tenants.shared import jobs, queries, roles
from tenants.shared.archive import checking, cloning, exporting, keys, restoring, swapping
from tenants.shared.archive.checking import Archive
from tenants.shared.checks import gathering
from tenants.shared.enums import HallState, JobKind
from tenants.shared.models import City, Hall, HallJob, RestoreDrill, RestoreWay

_SHOWN = 50
_NOT_DRILLED = (HallState.PREPARING, HallState.ARCHIVED)


def drill(hall: Hall, *, now: datetime, told: restoring.Told = lambda step: None) -> RestoreDrill:
    """Drill one hall and write down how it went. What the hall's own checks find in the original too is no finding.

    A drill that was killed is begun again: what it left is removed first. Raises what exporting and restoring raise.
    """
    began = time.monotonic()
    key = f"drill{hall.pk}"
    clear(key)
    settings.ARCHIVES.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".drill-", dir=settings.ARCHIVES) as folder:
        path = Path(folder) / f"{hall.key}.hall"
        made = exporting.export(hall, path, keys.city_recipient(), now=now, told=told)
        opener = keys.city_opener()
        archive = checking.read(path, opener)
        plan = restoring.Plan(RestoreWay.DRILL, key, f"{key}.{_portal_host()}", by_name="drill", anyway=True)
        restoring_began = time.monotonic()
        with restoring.alone(key):
            findings = _restore(archive, path, opener, plan, now, told)
        restored = time.monotonic() - restoring_began
    copy = Hall.objects.using(roles.OWNER).get(schema_name=key)
    findings += _compare(hall, copy)
    told("compared")
    clear(key)
    report = RestoreDrill(
        hall=hall, key=hall.key, started_at=now, seconds=time.monotonic() - began, export_seconds=made.seconds,
        restore_seconds=restored, bytes=made.bytes, rows=made.rows, files=made.files, has_passed=not findings,
        findings=findings[:_SHOWN],
    )  # fmt: skip
    report.save(using=roles.OWNER)
    told("removed")
    return report


def _restore(
    archive: Archive,
    path: Path,
    opener: keys.Opener,
    plan: restoring.Plan,
    now: datetime,
    told: restoring.Told,
) -> list[str]:
    row = restoring.begin(plan, archive, now=now)
    findings = restoring.load(row, archive, path, opener, None, told)
    restoring.ready(row)
    swapping.swap(row, archive, 0, now=now)
    swapping.finish(row, now=now)
    return findings


def _portal_host() -> str:
    return City.objects.using(roles.OWNER).get().portal_domain or "invalid"


def _compare(hall: Hall, copy: Hall) -> list[str]:
    """Return what check_halls finds in the copy and not in its original."""
    queries.forget()
    known, found = ({(each.code, each.words) for each in gathering.findings([of.key])} for of in (hall, copy))
    return sorted(words for _code, words in found - known)


def clear(key: str) -> None:
    """Remove what a drill under this key has left, whole or half."""
    restoring.clear_abandoned(key)
    left = Hall.objects.using(roles.OWNER).filter(schema_name=key).exclude(copy_of="").first()
    if left is not None:
        cloning.remove_copy(left)


def next_hall() -> Hall | None:
    """Return the hall whose last drill is the longest ago, or that never had one."""
    halls = (
        Hall.objects.using(roles.OWNER)
        .filter(copy_of="", quarantined_at=None)
        .exclude(state__in=_NOT_DRILLED)
    )
    found = halls.annotate(last=Max("drills__started_at")).order_by("last", "position", "id")
    never: Hall | None = found.filter(last=None).first()
    oldest: Hall | None = found.first()
    return never or oldest


def ask_when_due(now: datetime) -> None:
    """Ask for a drill when the last is so many days ago as settings say; drop former schemas whose time is over."""
    swapping.drop_kept(now)
    if not settings.DRILL_DAYS:
        return
    asked = HallJob.objects.using(roles.OWNER).filter(kind=JobKind.DRILL).order_by("-asked_at").first()
    last = RestoreDrill.objects.using(roles.OWNER).order_by("-started_at").first()
    latest = max(
        (moment for moment in (asked and asked.asked_at, last and last.started_at) if moment), default=None
    )
    if latest is not None and now - latest < timedelta(days=settings.DRILL_DAYS):
        return
    if (hall := next_hall()) is not None and _has_stood(now):
        jobs.ask(JobKind.DRILL, key=hall.key, hall=hall, by=NOBODY, now=now, using=roles.OWNER)


def _has_stood(now: datetime) -> bool:
    """Not on the first day of a database: there is nothing to prove yet."""
    ((since,),) = roles.rows("SELECT min(applied) FROM public.django_migrations")
    return bool(now - since >= timedelta(days=1))
