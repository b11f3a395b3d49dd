"""What a hall's page in the console says of its state, people, hosts, migrations, backups and jobs."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tenants.shared import migrating
from tenants.shared.archive import history
from tenants.shared.enums import HallState, JobState
from tenants.shared.hall_page import Line, Link, Section
from tenants.shared.models import Domain, Hall, HallJob, HallMigration
from tenants.shared.queries import kept

LATEST = 5
_MARKS = {HallState.OPEN: "ok", HallState.FROZEN: "warn", HallState.CLOSING: "warn"}
_JOB_MARKS = {JobState.DONE: "ok", JobState.FAILED: "danger", JobState.UNDONE: "neutral"}


def moment(at: datetime | None) -> str:
    """Write a moment as the console does: 3月4日 14:30, with the year where it is another."""
    return date_format(localtime(at), "Y年n月j日 H:i") if at else _("没有")


def is_behind(hall: Hall) -> bool:
    """Say whether a hall's tables are not where the code leads."""
    return hall.migrated_to != kept("target", migrating.target)


def sections(hall: Hall, now: datetime) -> Iterator[Section]:
    """Yield the parts that the tenants' tables tell of."""
    yield _life(hall)
    yield Section(
        "people",
        _("人员"),
        note=_(
            "谁在这个大厅、什么岗位，记在大厅自己的数据里，市里看不到。要看人数和岗位，请大厅管理员在“人员”页导出。"
        ),
    )
    yield _domains(hall)
    yield _migrations(hall)
    yield _backups(hall)
    yield _jobs(hall)


def _life(hall: Hall) -> Section:
    lines = [Line(_("状态"), HallState(hall.state).label, _MARKS.get(HallState(hall.state), "neutral"))]
    if hall.quarantined_at:
        lines.append(
            Line(
                _("停用"), _("数据结构没更新成，%(at)s起停用") % {"at": moment(hall.quarantined_at)}, "danger"
            )
        )
    lines += [
        Line(_("级别"), hall.get_level_display()),
        Line(_("标识"), hall.key),
        Line(_("行政区划代码"), hall.division_code),
        Line(_("开通日期"), date_format(hall.opened_on, "Y年n月j日") if hall.opened_on else _("没有")),
    ]
    links = [Link(_("改状态"), reverse("city-hall-life", args=[hall.key]))]
    if hall.state in {HallState.PREPARING, HallState.REHEARSAL}:
        links.append(Link(_("开通前检查"), reverse("city-go-live", args=[hall.key])))
    return Section("life", _("状态"), lines, links=links)


def _domains(hall: Hall) -> Section:
    found = Domain.objects.filter(tenant=hall).order_by("-is_primary", "domain")
    lines = [Line(_("网址") if row.is_primary else _("旧网址"), row.domain) for row in found]
    links = [Link(_("改代号、网址"), reverse("city-hall-rename", args=[hall.key]))]
    return Section("domains", _("网址"), lines, links=links)


def _migrations(hall: Hall) -> Section:
    rows = HallMigration.objects.filter(hall=hall).order_by("-started_at", "-pk")
    if hall.quarantined_at:
        line = Line(_("现在"), _("没更新成，已停用"), "danger")
    elif is_behind(hall):
        line = Line(_("现在"), _("没更新"), "warn")
    else:
        line = Line(_("现在"), _("已是最新"), "ok")
    links = [Link(_("更新历次记录"), reverse("city-hall-migrations", args=[hall.key]))] if rows else []
    if hall.quarantined_at or is_behind(hall):
        links.append(Link(_("再更新一次"), reverse("city-hall-migrate", args=[hall.key]), is_act=True))
    return Section(
        "migrations",
        _("数据结构"),
        [line],
        (_("时间"), _("结果"), _("步数"), _("秒")),
        [migration_row(row) for row in rows[:LATEST]],
        links=links,
    )


def migration_row(row: HallMigration) -> list[object]:
    """Return a line of the ledger as cells: when, how it ended, how many steps, how long."""
    is_done = row.outcome == HallMigration.DONE
    ended = Line("", _("更新好了") if is_done else row.error[:200], "ok" if is_done else "danger")
    return [moment(row.started_at), ended, len(row.steps), f"{row.seconds:.1f}"]


def _backups(hall: Hall) -> Section:
    found = history.of(hall)
    lines = [
        Line(_("上次备份"), moment(found.last.made_at if found.last else None), "" if found.last else "warn")
    ]
    if found.drill:
        lines.append(Line(_("上次恢复演练"), moment(found.drill.started_at)))
    links = [Link(_("备份和恢复演练"), reverse("city-hall-backups", args=[hall.key]))]
    return Section("backups", _("备份"), lines, links=links)


def _jobs(hall: Hall) -> Section:
    rows = HallJob.objects.filter(key=hall.key).order_by("-pk")[:LATEST]
    return Section(
        "jobs",
        _("交办的事"),
        columns=(_("什么事"), _("到哪了"), _("谁交办"), _("什么时候")),
        rows=[
            [
                Line("", row.label, url=reverse("city-job", args=[row.pk])),
                Line("", row.get_state_display(), _JOB_MARKS.get(JobState(row.state), "warn")),
                row.by_name or _("系统"),
                moment(row.asked_at),
            ]
            for row in rows
        ],
        note="" if rows else _("还没有交办过这个大厅的事。"),
    )
