"""Giving a hall another key, another host name, or both: the job `rename`, each step with its undoing.

What belongs to a hall is kept by its role (files, public rows, cache, doorbell), so that a new key moves none of it: the
schema is renamed, and what is stamped with the key follows in the same transaction. The former host goes on as a
name of the hall that leads to the new one, and is nobody else's as long as it does.
"""

import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tenants.shared import jobs, migrating, naming, queries, roles
from tenants.shared.enums import HallState
from tenants.shared.life import changing
from tenants.shared.models import City, Domain, Hall, HallJob

# how long a process may hold what it knew of the hall, and a request that began with it may last
SETTLE_SECONDS = queries.CACHE_SECONDS + 1.0


def asked(hall: Hall, host: str, key: str, new_host: str) -> dict[str, Any]:
    """Return the params of a job: the key and host of now, and those that are wanted; empty texts mean as it is.

    With a new key alone, a host that begins with the old key follows it.
    """
    key = key or hall.schema_name
    if not new_host:
        label, _dot, rest = host.partition(".")
        new_host = f"{key}.{rest}" if label == hall.schema_name else host
    return {
        "old_key": hall.schema_name,
        "key": key,
        "old_host": host,
        "host": naming.tidy_host(new_host),
    }


def faults(hall: Hall, params: dict[str, Any], *, using: str) -> dict[str, str]:
    """Return what is wrong with what is wanted, by field (`key`, `host`): nothing of it is done then."""
    found = {}
    city = City.objects.using(using).get()
    if params["key"] != hall.schema_name and (fault := naming.key_fault(params["key"], using=using)):
        found["key"] = fault
    own = Domain.objects.using(using).filter(domain=params["host"], tenant=hall.pk)
    if not own.exists() and (
        fault := naming.host_fault(params["host"], portal=city.portal_domain, using=using)
    ):
        found["host"] = fault
    if params["key"] == params["old_key"] and params["host"] == params["old_host"]:
        found["key"] = _("代号和网址都和现在一样，没有要改的")
    return found


def primary_host(hall: Hall, *, using: str) -> str:
    """Return the host name of a hall of today."""
    found = Domain.objects.using(using).filter(tenant=hall.pk, is_primary=True).first()
    return str(found.domain) if found else ""


def check(job: HallJob) -> str:
    """Look whether key and host are free and have a form that can be used."""
    hall = changing.fresh(job)
    if hall.state == HallState.DELETED:
        raise jobs.Refused(_("这个大厅已经撤销，不能改名"))
    if hall.schema_name == job.params["key"] != job.params["old_key"]:
        return ""
    if hall.schema_name != job.params["old_key"]:
        raise jobs.Refused(_("大厅的代号刚刚变了，请重新办"))
    if wrong := faults(hall, job.params, using=roles.OWNER):
        raise jobs.Refused("；".join(wrong.values()))
    return f"{_told(job, 'old_')} → {_told(job, '')}"


def _told(job: HallJob, which: str) -> str:
    return f"{job.params[which + 'key']}（{job.params[which + 'host']}）"


def reserve(job: HallJob) -> str:
    """Take the new host name: nobody else gets it, and until it is the hall's address it leads to the present one."""
    hall = changing.fresh(job)
    # not save(): django-tenants' own looks at the default connection. The unique key of host names has the last word
    mine = Domain(domain=job.params["host"], tenant=hall, is_primary=False)
    Domain.objects.using(roles.OWNER).bulk_create([mine], ignore_conflicts=True)
    queries.forget()
    held = Domain.objects.using(roles.OWNER).get(domain=job.params["host"])
    if held.tenant_id != hall.pk:
        raise jobs.Refused(_("%(host)s 刚刚给了别的大厅") % {"host": job.params["host"]})
    return "" if job.params["host"] in job.facts.get("hosts", []) else job.params["host"]


def give_back(job: HallJob) -> None:
    """Let the new host name go again, unless the hall had it before."""
    mine = Domain.objects.using(roles.OWNER).filter(tenant=job.hall_id, is_primary=False)
    before = job.facts.get("hosts", [])
    mine.filter(domain=job.params["host"]).exclude(domain__in=[*before, job.params["old_host"]]).delete()
    queries.forget()


def remember(job: HallJob) -> str:
    """Write down which host names the hall had, so that undoing leaves it these."""
    if "hosts" not in job.facts:
        own = Domain.objects.using(roles.OWNER).filter(tenant=job.hall_id).order_by("domain")
        jobs.remember(job, hosts=list(own.values_list("domain", flat=True)))
    return ""


def check_and_remember(job: HallJob) -> str:
    """Check, and write down what undoing will need."""
    told = check(job)
    remember(job)
    return told


def rename(job: HallJob) -> str:
    """Rename the schema, with the row, the identity row and all that is stamped with the key, in one transaction."""
    return _rekey(job, job.params["old_key"], job.params["key"])


def rename_back(job: HallJob) -> None:
    """Give the hall its former key again; the generation grows all the same, so that no cache takes one for the other."""
    _rekey(job, job.params["key"], job.params["old_key"], is_undone=True)


def _rekey(job: HallJob, old: str, new: str, *, is_undone: bool = False) -> str:
    if old == new or changing.fresh(job).schema_name == new:
        return ""
    with changing.alone(changing.fresh(job).pk) as hall:
        if naming.schema_exists(new, using=roles.OWNER):
            raise jobs.Refused(_("数据库里已经有 %(key)s，没有改名。请先看清它是谁的") % {"key": new})
        roles.run("ALTER SCHEMA {} RENAME TO {}", old, new)
        hall.schema_name, hall.generation = new, hall.generation + 1
        # not save(): django-tenants' own looks at the default connection
        Hall.objects.using(roles.OWNER).filter(pk=hall.pk).update(schema_name=new, generation=hall.generation)
        migrating.write_identity(hall)
        _restamp(old, new)
        changing.note(
            job,
            hall,
            name="rename_back" if is_undone else "rename",
            before=old,
            after=new,
            now=timezone.now(),
            action="hall.rename",
        )
    queries.forget()
    return f"{old} → {new}"


def _restamp(old: str, new: str) -> None:
    """Take along the sessions, tickets and tokens that are stamped with a key: whoever is at work notices nothing."""
    for table, column in settings.HALL_STAMPED.items():
        roles.run("UPDATE public.{} SET {} = {new} WHERE {} = {old}", table, column, column, new=new, old=old)


def readdress(job: HallJob) -> str:
    """Make the new host name the hall's address; the former one leads there from now on."""
    return _readdress(job, job.params["host"], "readdress")


def readdress_back(job: HallJob) -> None:
    """Make the former host name the hall's address again."""
    _readdress(job, job.params["old_host"], "readdress_back")


def _readdress(job: HallJob, host: str, name: str) -> str:
    hall = changing.fresh(job)
    with transaction.atomic(using=roles.OWNER):
        own = Domain.objects.using(roles.OWNER).filter(tenant=hall.pk)
        before = own.select_for_update().filter(is_primary=True).values_list("domain", flat=True).first()
        if before == host:
            return ""
        own.exclude(domain=host).update(is_primary=False)
        own.filter(domain=host).update(is_primary=True)
        changing.note(
            job,
            hall,
            name=name,
            before=before or "",
            after=host,
            now=timezone.now(),
            action="hall.rename",
        )
    queries.forget()
    return f"{before} → {host}"


def settle(job: HallJob) -> str:
    """Wait until no process holds what the hall was called, then take along what was stamped with it meanwhile."""
    old, new = job.params["old_key"], job.params["key"]
    if old == new:
        return ""
    time.sleep(SETTLE_SECONDS)
    _restamp(old, new)
    return ""


CHECK = jobs.Step("check", lazy("核对代号和网址"), do=check_and_remember)
RESERVE = jobs.Step("reserve", lazy("占住新网址"), do=reserve, undo=give_back)
RENAME = jobs.Step("rename", lazy("换代号"), do=rename, undo=rename_back)
READDRESS = jobs.Step("readdress", lazy("换网址，旧网址转到新网址"), do=readdress, undo=readdress_back)
SETTLE = jobs.Step("settle", lazy("等各处都知道"), do=settle)
