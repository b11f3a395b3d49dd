"""What the operator does when the console asks: a backup of a hall, a copy for practice, a drill (settings.HALL_JOBS)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.shared import roles, services
from tenants.shared.archive import checking, cloning, drills, exporting, keys, restoring, sealed
from tenants.shared.jobs import Refused, Step, progress
from tenants.shared.models import Hall, HallArchive, HallJob

_REFUSALS = (sealed.BadArchive, keys.BadKey, exporting.CannotExport, restoring.CannotRestore, services.BadKey)
_EVERY = 50


def _hall(job: HallJob) -> Hall:
    found: Hall | None = Hall.objects.using(roles.OWNER).filter(schema_name=job.key).first()
    if found is None:
        raise Refused(_("没有 %(key)s 这个大厅了") % {"key": job.key})
    return found


def _counted(job: HallJob) -> restoring.Told:
    """Return what counts steps for the page; it cannot be known before how many there will be."""
    seen = 0

    def told(step: str) -> None:
        nonlocal seen
        seen += 1
        if seen % _EVERY == 0:
            progress(job, seen, 0)

    return told


def archive_path(key: str, job: int) -> Path:
    """Return the file of the archive that a job makes: the same again when it is taken up again."""
    return Path(settings.ARCHIVES) / f"{key}-{job}.hall"


def _export(job: HallJob) -> str:
    done = _made(job)
    return _("%(rows)s 行、%(files)s 个文件") % {"rows": done.rows, "files": done.files}


def last_export(job: HallJob) -> dict[str, Any]:
    """Make the archive that a deletion makes last (settings.HALL_FINAL_EXPORT); return its digest, moment and name. Raises Refused."""
    done = _made(job)
    return {"digest": done.digest, "at": done.made_at.isoformat(), "name": done.name}


def _made(job: HallJob) -> HallArchive:
    """Write a hall's archive, read it through once to its signature, and put it on the list. Raises Refused."""
    hall = _hall(job)
    path = archive_path(hall.key, job.pk)
    try:
        done = exporting.export(hall, path, keys.city_recipient(), now=timezone.now(), told=_counted(job))
        if settings.ARCHIVE_KEY:
            # a backup that nobody has read is a hope
            checking.read(path, keys.city_opener())
    except (*_REFUSALS, OSError) as problem:
        raise Refused(str(problem)) from problem
    row, _is_new = HallArchive.objects.using(roles.OWNER).update_or_create(
        name=path.name,
        defaults={
            "hall": hall, "key": hall.key, "made_at": done.made_at, "seconds": done.seconds, "bytes": done.bytes,
            "rows": done.rows, "files": done.files, "missing": done.missing, "digest": done.digest, "by_name": job.by_name,
            "removed_at": None,
        },
    )  # fmt: skip
    return row


def _remove_archive(job: HallJob) -> None:
    path = archive_path(job.key, job.pk)
    path.unlink(missing_ok=True)
    HallArchive.objects.using(roles.OWNER).filter(name=path.name).delete()


def _drill(job: HallJob) -> str:
    try:
        report = drills.drill(_hall(job), now=timezone.now(), told=_counted(job))
    except (*_REFUSALS, OSError) as problem:
        raise Refused(str(problem)) from problem
    if not report.has_passed:
        return _("比对出 %(n)s 处不一样，见备份页") % {"n": len(report.findings)}
    return _("恢复得回来，用了 %(seconds)s 秒") % {"seconds": round(report.seconds, 1)}


def _clear_drill(job: HallJob) -> None:
    if (hall := Hall.objects.using(roles.OWNER).filter(schema_name=job.key).first()) is not None:
        drills.clear(f"drill{hall.pk}")


def _clone(job: HallJob) -> str:
    there = Hall.objects.using(roles.OWNER).filter(schema_name=job.param("key")).exclude(copy_of="").first()
    if there is not None and there.copy_of == job.key:
        return _("已经有了")
    try:
        row = cloning.clone(
            _hall(job),
            job.param("key"),
            job.param("host"),
            now=timezone.now(),
            by_name=job.by_name,
            told=_counted(job),
        )
    except (*_REFUSALS, OSError) as problem:
        raise Refused(str(problem)) from problem
    return _("网址 %(host)s") % {"host": row.host}


def _remove_clone(job: HallJob) -> None:
    there = Hall.objects.using(roles.OWNER).filter(schema_name=job.param("key"), copy_of=job.key).first()
    if there is not None:
        cloning.remove_copy(there)


EXPORT = Step("export", gettext_lazy("写备份文件"), do=_export, undo=_remove_archive)
DRILL = Step("drill", gettext_lazy("导出、恢复、比对、删掉副本"), do=_drill, undo=_clear_drill)
CLONE = Step("clone", gettext_lazy("做一个练习用的副本"), do=_clone, undo=_remove_clone)
