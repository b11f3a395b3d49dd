"""Deleting a hall: two people want it, a grace passes, then the job `delete` removes all that is the hall's alone.

What was issued stays verifiable: its public rows stay (settings.HALL_KEPT_TABLES), and so does the hall's row, a tombstone
that keeps key, numbers and addresses from being given again. A signed certificate says what was removed.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from psycopg2 import sql

from accounts import disk
from accounts.actor import Actor
from audit import services as audit
from tenants.shared import inventory, jobs, naming, queries, roles, scope
from tenants.shared.enums import HallState
from tenants.shared.life import changing, transitions
from tenants.shared.models import City, Domain, Hall, HallCertificate, HallDeletion, HallJob

KIND = "delete"
# rows of a public table, and tables of the schema, that go in one transaction
ROWS, TABLES = 5000, 20
# files after which it is told how far it is
TOLD_FILES = 200


class NotPossible(Exception):
    """The deletion cannot be asked for, approved or withdrawn as things are; the text says why and what to do."""


def under_way(hall: Hall, *, using: str = DEFAULT_DB_ALIAS) -> HallDeletion | None:
    """Return the deletion of a hall that is asked for, if one is."""
    return HallDeletion.objects.using(using).filter(hall=hall.pk, withdrawn_at=None).first()


def hindrances(hall: Hall) -> list[str]:
    """Return what hinders the deletion of a hall, a sentence each. As the city."""
    if hall.state != HallState.ARCHIVED:
        here = HallState(hall.state).label
        return [_("大厅现在是“%(here)s”，归档以后才能删") % {"here": here}]
    found = changing.findings(("delete",), hall)
    if exported(hall) is None:
        found.append(_("归档以后还没有做过备份、或备份没有核对过。请先做一份"))
    return found


def exported(hall: Hall) -> dict[str, Any] | None:
    """Return the export of a hall that was made and checked since it was archived, or None. As the city."""
    if not settings.HALL_EXPORTED:
        return None
    ask: Callable[[Hall], dict[str, Any] | None] = import_string(settings.HALL_EXPORTED)
    return ask(hall)


def ask(
    hall: Hall, *, by: Actor, reason: str, days: int, now: datetime, using: str = DEFAULT_DB_ALIAS
) -> HallDeletion:
    """Want a hall deleted, `days` 自然日 after somebody else agrees. Raises NotPossible."""
    if by.person_id is None:
        raise NotPossible(_("请说明是谁要删"))
    if not reason.strip():
        raise NotPossible(_("请写明为什么要删"))
    if days < (0 if settings.IS_DEMO else 1) or days > 3650:
        raise NotPossible(_("最少等 1 天，好让人有机会撤回"))
    if hindered := hindrances(hall):
        raise NotPossible("；".join(hindered))
    wanted = HallDeletion(
        hall=hall,
        reason=reason.strip()[:500],
        grace_days=days,
        asked_by=by.person_id,
        asked_name=by.display_name,
        asked_at=now,
    )
    try:
        with transaction.atomic(using=using):
            wanted.save(using=using, force_insert=True)
    except IntegrityError as problem:
        raise NotPossible(_("已经有人要删这个大厅，请另一位市级管理员来定")) from problem
    _audit("hall_deletion.ask", wanted, by, now)
    return wanted


def approve(wanted: HallDeletion, *, by: Actor, now: datetime, using: str = DEFAULT_DB_ALIAS) -> HallDeletion:
    """Agree, as another person than the one who asked: the grace begins. Raises NotPossible."""
    if by.person_id is None or by.person_id == wanted.asked_by:
        raise NotPossible(_("删除大厅要两个人：请另一位市级管理员同意"))
    if hindered := hindrances(wanted.hall):
        raise NotPossible("；".join(hindered))
    waits = HallDeletion.objects.using(using).filter(pk=wanted.pk, approved_at=None, withdrawn_at=None)
    if not waits.update(approved_by=by.person_id, approved_name=by.display_name, approved_at=now):
        raise NotPossible(_("刚刚有人定过了，请再看一眼"))
    _audit("hall_deletion.approve", wanted, by, now)
    return HallDeletion.objects.using(using).get(pk=wanted.pk)


def withdraw(wanted: HallDeletion, *, by: Actor, now: datetime, using: str = DEFAULT_DB_ALIAS) -> None:
    """Take it back, as any of the city's administrators, as long as it has not begun. Raises NotPossible."""
    begun = HallJob.objects.using(using).filter(kind=KIND, hall=wanted.hall_id).exclude(state="undone")
    if begun.exists():
        raise NotPossible(_("已经在删。请在“大厅的事办到哪了”里看还能不能撤回"))
    still = HallDeletion.objects.using(using).filter(pk=wanted.pk, withdrawn_at=None)
    if not still.update(withdrawn_by=by.person_id, withdrawn_name=by.display_name, withdrawn_at=now):
        raise NotPossible(_("刚刚有人定过了，请再看一眼"))
    _audit("hall_deletion.withdraw", wanted, by, now)


def _audit(action: str, wanted: HallDeletion, by: Actor, now: datetime) -> None:
    if scope.current() is None:
        with scope.city():
            _audit(action, wanted, by, now)
        return
    audit.record(
        action,
        now=now,
        actor=by.person_id,
        actor_name=by.display_name,
        object=wanted.hall.schema_name,
        detail={"reason": wanted.reason, "days": wanted.grace_days},
    )


def due(now: datetime) -> list[HallDeletion]:
    """Return the deletions whose grace is over, as the owner."""
    agreed = HallDeletion.objects.using(roles.OWNER).select_related("hall")
    found = agreed.filter(withdrawn_at=None).exclude(approved_at=None).exclude(hall__state=HallState.DELETED)
    return [row for row in found.order_by("pk") if row.due_at is not None and row.due_at <= now]


def ask_when_due(now: datetime) -> None:
    """Ask for the job of each deletion whose grace is over: done by the operator about once a minute."""
    for wanted in due(now):
        if not HallJob.objects.using(roles.OWNER).filter(kind=KIND, params__deletion=wanted.pk).exists():
            jobs.ask(KIND, now=now, using=roles.OWNER, **job_facts(wanted))


def job_facts(wanted: HallDeletion) -> dict[str, Any]:
    """Return what a job says of itself: whose it is and why."""
    by = Actor(person_id=wanted.approved_by, display_name=wanted.approved_name)
    return {
        "key": wanted.hall.schema_name,
        "hall": wanted.hall,
        "by": by,
        "reason": wanted.reason,
        "params": {"deletion": wanted.pk},
    }


def check(job: HallJob) -> str:
    """Look whether two people still want it, the grace is over, and nothing runs."""
    hall = changing.fresh(job)
    if hall.state == HallState.DELETED:
        return ""
    wanted = _wanted(job)
    if wanted is None or wanted.withdrawn_at is not None:
        raise jobs.Refused(_("已经有人撤回，不删了"))
    if wanted.due_at is None or wanted.due_at > timezone.now():
        raise jobs.Refused(_("还没有到可以删的日子"))
    with scope.city():
        hindered = hindrances(hall)
    if hindered:
        raise jobs.Refused("；".join(hindered))
    return ""


def _wanted(job: HallJob) -> HallDeletion | None:
    return HallDeletion.objects.using(roles.OWNER).filter(pk=job.param("deletion")).first()


def shut(job: HallJob) -> str:
    """Close the hall for good: from now on its address says that it is gone, and nobody is inside."""
    if not changing.was_done(job, transitions.DELETE):
        with changing.alone(changing.fresh(job).pk) as hall:
            if hall.state != HallState.ARCHIVED or (wanted := _wanted(job)) is None or wanted.withdrawn_at:
                raise jobs.Refused(_("大厅的状态刚刚变了，请再看一眼"))
            changing.put(job, hall, transitions.DELETE, HallState.DELETED, now=timezone.now())
        queries.forget()
    return ""


def open_again(job: HallJob) -> None:
    """Let the hall be archived again: nothing of it was removed yet."""
    if job.facts.get("begun"):
        _no_way_back(job)
    with changing.alone(changing.fresh(job).pk) as hall:
        if hall.state == HallState.DELETED and not changing.was_done(job, transitions.UNDELETE):
            changing.put(job, hall, transitions.UNDELETE, HallState.ARCHIVED, now=timezone.now())
    HallDeletion.objects.using(roles.OWNER).filter(pk=job.param("deletion"), withdrawn_at=None).update(
        withdrawn_by=job.by, withdrawn_name=job.by_name, withdrawn_at=timezone.now()
    )
    queries.forget()


def _no_way_back(job: HallJob) -> None:
    raise jobs.Refused(_("已经在删，不能撤回。请再试一次，让它删完；要找回大厅，用备份恢复"))


def export(job: HallJob) -> str:
    """Make the last export, or note the one that was made and checked after the hall was archived."""
    if "export" in job.facts:
        return ""
    if settings.HALL_FINAL_EXPORT:
        make: Callable[[HallJob], dict[str, Any]] = import_string(settings.HALL_FINAL_EXPORT)
        made: dict[str, Any] | None = make(job)
    else:
        with scope.city():
            made = exported(changing.fresh(job))
    if made is None:
        raise jobs.Refused(_("没有核对过的备份，不能删。请先做一份"))
    jobs.remember(job, export=made)
    return str(made.get("name", ""))


def take_stock(job: HallJob) -> str:
    """Count and digest all that will go and all that stays, before anything goes."""
    if "stock" in job.facts:
        return ""
    hall = changing.fresh(job)
    tables = inventory.tables_of(hall.schema_name)
    found = []
    for number, table in enumerate(tables, start=1):
        found.append(inventory.table_facts(hall.schema_name, table))
        jobs.progress(job, number, len(tables))
    files = inventory.file_facts(hall, lambda number: _told_files(job, number))
    stock: dict[str, Any] = {
        "tables": found,
        "public_rows_removed": _counted(hall, kept=False),
        "public_rows_kept": _counted(hall, kept=True),
        "files": files,
    }
    jobs.remember(job, stock=stock)
    rows = sum(row["rows"] for row in found)
    return _("%(tables)d 张表，%(rows)d 行，%(files)d 个文件") % {
        "tables": len(found),
        "rows": rows,
        "files": files["count"],
    }


def _told_files(job: HallJob, number: int) -> None:
    if number % TOLD_FILES == 0:
        jobs.progress(job, number, 0)


def _counted(hall: Hall, *, kept: bool) -> list[dict[str, Any]]:
    rows = [(each, inventory.count_public(each)) for each in inventory.public_rows(hall, kept=kept)]
    why = settings.HALL_KEPT_TABLES
    return [
        {"table": each.table, "rows": number, **({"why": why[each.table]} if kept else {})}
        for each, number in rows
        if number
    ]


def remove_public(job: HallJob) -> str:
    """Remove the hall's public rows, but for those that stay; from here on there is no way back."""
    hall = _doomed(job)
    if not job.facts.get("begun"):
        jobs.remember(job, begun=True)
    waiting, removed = inventory.public_rows(hall), 0
    while waiting:
        left = []
        for rows in waiting:
            try:
                removed += _remove(rows)
            except IntegrityError:
                # another of these tables refers to it: after that one
                left.append(rows)
        if len(left) == len(waiting):
            raise jobs.Refused(
                _("还有别的表用着这些：%(tables)s") % {"tables": "、".join(row.table for row in left)}
            )
        waiting = left
    return _("%(n)d 行") % {"n": removed}


def _remove(rows: inventory.PublicRows) -> int:
    statement = sql.SQL(
        "DELETE FROM public.{table} WHERE ctid IN (SELECT ctid FROM public.{table} WHERE {column} = %s LIMIT {most})"
    ).format(table=sql.Identifier(rows.table), column=sql.Identifier(rows.column), most=sql.Literal(ROWS))
    connection = connections[roles.OWNER]
    connection.ensure_connection()
    text, removed = statement.as_string(connection.connection), 0
    while True:
        with transaction.atomic(using=roles.OWNER), connection.cursor() as cursor:
            cursor.execute(text, [rows.value])
            gone = int(cursor.rowcount)
        removed += gone
        if gone < ROWS:
            return removed


def _doomed(job: HallJob) -> Hall:
    """Return the hall of a job that may be removed: one that was shut by it. Raises jobs.Refused."""
    hall = changing.fresh(job)
    if hall.state != HallState.DELETED or not changing.was_done(job, transitions.DELETE):
        raise jobs.Refused(_("这个大厅没有关好，什么都没有删"))
    return hall


def remove_files(job: HallJob) -> str:
    """Remove the hall's files, which stand in a folder of its role."""
    hall, number = _doomed(job), 0
    # read whole first: a folder that is being emptied is no list
    for name in list(inventory.files_of(hall)):
        storages["cases"].delete(name)
        number += 1
        _told_files(job, number)
    disk.remove_empty(hall.role)
    return _("%(n)d 个文件") % {"n": number}


def remove_schema(job: HallJob) -> str:
    """Drop the schema: its tables some at a time, since each takes locks until its transaction ends; the identity row last."""
    hall = _doomed(job)
    if not naming.schema_exists(hall.schema_name, using=roles.OWNER):
        return ""
    _is_the_halls(hall)
    tables = [name for name in inventory.tables_of(hall.schema_name) if name != "tenants_hall_identity"]
    for start in range(0, len(tables), TABLES):
        with transaction.atomic(using=roles.OWNER):
            for name in tables[start : start + TABLES]:
                roles.run("DROP TABLE IF EXISTS {}.{} CASCADE", hall.schema_name, name)
        jobs.progress(job, min(start + TABLES, len(tables)), len(tables))
    with transaction.atomic(using=roles.OWNER):
        roles.run("DROP SCHEMA {} CASCADE", hall.schema_name)
    return hall.key


def _is_the_halls(hall: Hall) -> None:
    """Raise jobs.Refused unless the schema says itself that it is this hall's, and shut: another's is never dropped."""
    connection = connections[roles.OWNER]
    connection.ensure_connection()
    statement = sql.SQL("SELECT key, generation, state FROM {}.tenants_hall_identity").format(
        sql.Identifier(hall.schema_name)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(connection.connection))
        row = cursor.fetchone()
    if row != (hall.schema_name, hall.generation, HallState.DELETED):
        raise jobs.Refused(_("数据库里的 %(key)s 不是这个大厅的，没有删") % {"key": hall.schema_name})


def remove_role(job: HallJob) -> str:
    """Drop the hall's role; one that another database of this server still uses stays, without any right in this one."""
    hall = _doomed(job)
    if roles.drop_hall_role(hall.role):
        jobs.remember(job, role="dropped")
        return str(hall.role)
    jobs.remember(job, role="kept: another database of this server uses it")
    return _("这台服务器上别的库还在用 %(role)s，留着") % {"role": hall.role}


def certify(job: HallJob) -> str:
    """Write and sign what was removed, what stays, who wanted it and when it was done. Done again, the first stands."""
    hall, now = _doomed(job), timezone.now()
    if HallCertificate.objects.using(roles.OWNER).filter(hall=hall).exists():
        return ""
    content = json.dumps(_content(job, hall, now), ensure_ascii=False, indent=1, sort_keys=True)
    sign: Callable[[bytes], bytes] = import_string(settings.HALL_SIGNER)
    try:
        signature = sign(content.encode())
    except Exception as trouble:
        raise jobs.Refused(
            _("签名用的钥匙现在用不了（%(why)s）。大厅已经删完，钥匙好了再试一次") % {"why": trouble}
        ) from None
    HallCertificate(
        hall=hall, content=content, signature=base64.b64encode(signature).decode(), made_at=now
    ).save(using=roles.OWNER)
    return ""


def _content(job: HallJob, hall: Hall, now: datetime) -> dict[str, Any]:
    wanted, city = _wanted(job), City.objects.using(roles.OWNER).get()
    hosts = Domain.objects.using(roles.OWNER).filter(tenant=hall.pk).order_by("domain")
    asked: dict[str, Any] = {}
    if wanted is not None and wanted.approved_at is not None:
        asked = {
            "asked": {"by": wanted.asked_name, "at": wanted.asked_at.isoformat()},
            "approved": {"by": wanted.approved_name, "at": wanted.approved_at.isoformat()},
            "reason": wanted.reason,
            "grace": str(timedelta(days=wanted.grace_days)),
        }
    return {
        "certificate": "deletion of a hall",
        "version": 1,
        "city": {"code": city.code, "name": city.name},
        "hall": {
            "key": hall.schema_name,
            "name": hall.name,
            "division_code": hall.division_code,
            "case_prefix": hall.case_prefix,
            "hosts": list(hosts.values_list("domain", flat=True)),
        },
        "done_at": now.isoformat(),
        "export": job.facts.get("export", {}),
        "role": job.facts.get("role", "gone before"),
        **asked,
        **job.facts.get("stock", {}),
    }


CHECK = jobs.Step("check", lazy("核对能不能删"), do=check)
SHUT = jobs.Step("shut", lazy("关上大厅"), do=shut, undo=open_again)
EXPORT = jobs.Step("export", lazy("最后一份备份"), do=export)
STOCK = jobs.Step("stock", lazy("点清要删的"), do=take_stock)
PUBLIC = jobs.Step("public", lazy("删全市表里的行"), do=remove_public, undo=_no_way_back)
FILES = jobs.Step("files", lazy("删文件"), do=remove_files, undo=_no_way_back)
SCHEMA = jobs.Step("schema", lazy("删大厅的表"), do=remove_schema, undo=_no_way_back)
ROLE = jobs.Step("role", lazy("删大厅的角色"), do=remove_role, undo=_no_way_back)
CERTIFY = jobs.Step("certify", lazy("签删除证明"), do=certify, undo=_no_way_back)
