"""Opening a hall, the part of its row, host, role and schema: the first steps of the job, and the last, which looks it all over.

Nothing is remembered between steps but what stands in the job and in the database: a process that died is followed by one
that reads what is there. The hall's number is chosen and written down first, so that a row that stands is known as ours.
"""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tenants.shared import declared, jobs, migrating, naming, queries, roles, scope, services, template
from tenants.shared.checks import gathering
from tenants.shared.enums import HallState
from tenants.shared.models import City, Domain, Hall, HallJob

NUMBER = "number"
# what the first admin's phone is sealed for, from the draft to the invitation
SEALED = "onboarding.admin_phone"
# a cluster whose other databases hold this many numbers in a row is no cluster of ours
MOST_NUMBERS = 1000


def find(job: HallJob) -> Hall | None:
    """Return the hall that this job has made, or None."""
    found: Hall | None = Hall.objects.using(roles.OWNER).filter(pk=job.facts.get(NUMBER)).first()
    return found


def hall_of(job: HallJob) -> Hall:
    """Return the hall that this job opens. Raises jobs.Refused when there is none (any more)."""
    found = find(job)
    if found is None:
        raise jobs.Refused(_("这个大厅已经不在了，请撤回这件事，重新开"))
    return found


def pattern(key: str) -> Hall | None:
    """Return the hall of this key, which a new one is to be like; None for no key, or where it went meanwhile."""
    return Hall.objects.using(roles.OWNER).filter(schema_name=key).first() if key else None


def address(hall: Hall) -> str:
    """Return scheme, host and port of a hall, for a link that is written here and opened elsewhere."""
    host = Domain.objects.using(roles.OWNER).get(tenant=hall, is_primary=True).domain
    return f"https://{host}" if settings.MODE == "production" else f"http://{host}:{settings.PORT}"


def reserve(job: HallJob) -> str:
    """Look once more whether key, host and case numbers are free, and choose the hall's number."""
    if find(job) is not None:
        return ""
    facts = services.HallFacts(**job.params["hall"])
    portal = City.objects.using(roles.OWNER).get().portal_domain
    faults = {
        _("代号"): naming.key_fault(facts.key, using=roles.OWNER),
        _("网址"): naming.host_fault(facts.host, portal=portal, using=roles.OWNER),
        _("办件编号"): naming.number_fault(facts.case_prefix, using=roles.OWNER),
    }
    if wrong := [f"{name}：{fault}" for name, fault in faults.items() if fault]:
        raise jobs.Refused("；".join(wrong))
    jobs.remember(job, **{NUMBER: free_number()})
    return _("%(host)s 可以用") % {"host": facts.host}


def free_number() -> int:
    """Return the next number of a hall whose role nobody has: roles belong to the cluster, and another database may have made one."""
    names = migrating.names()
    for _try in range(MOST_NUMBERS):
        number = services.next_number()
        if not roles.exists(names.hall(number)):
            return number
    raise jobs.Refused(_("数据库服务器里留着太多旧的大厅角色，请运维清理再试"))


def open_schema(job: HallJob) -> str:
    """Make row, host, role, schema, tables and rights, in one transaction; a hall that stands already is taken as it is."""
    number = int(job.facts[NUMBER])
    hall = find(job)
    if hall is None:
        try:
            hall = services.open_hall(
                services.HallFacts(**job.params["hall"]), state=HallState.PREPARING, number=number
            )
        except services.SchemaLeftBehind:
            raise jobs.Refused(naming.key_fault(job.key, using=roles.OWNER)) from None
        except template.Behind:
            raise jobs.Refused(_("建厅用的模板还没有升级，请运维先运行 migrate_halls，再试一次")) from None
        except IntegrityError as problem:
            raise jobs.Refused(_("代号、网址或编号刚被别的大厅用了，请撤回，换一个再开")) from problem
    HallJob.objects.using(roles.OWNER).filter(pk=job.pk).update(hall=hall)
    return _("%(key)s，角色 %(role)s") % {"key": hall.key, "role": hall.role}


def withdraw(job: HallJob) -> None:
    """Take the hall away again: schema, rows that it wrote in public, host, row, role. Raises jobs.Refused for one that was ever open.

    A hall that people could enter is ended by closing and deleting it, which keeps what was issued.
    """
    hall = find(job)
    if hall is not None:
        if hall.state != HallState.PREPARING or hall.opened_on is not None:
            raise jobs.Refused(_("大厅已经试运行或开通过，不能撤回。不要了，请走关闭、归档、删除"))
        with transaction.atomic(using=roles.OWNER):
            _lock_empty(hall)
            for table in settings.HALL_WRITTEN_TABLES:
                roles.run("DELETE FROM public.{} WHERE hall_role = {role}", table, role=hall.role)
            roles.run("DROP SCHEMA IF EXISTS {} CASCADE", hall.schema_name)
            HallJob.objects.using(roles.OWNER).filter(hall=hall).update(hall=None)
            # not delete(): django-tenants' own would drop the schema by itself, and may not
            Hall.objects.using(roles.OWNER).filter(pk=hall.pk).delete()
            roles.drop_hall_role(hall.role)
    queries.forget()


def _lock_empty(hall: Hall) -> None:
    """Hold the hall's row; raise jobs.Refused where somebody has worked in it."""
    Hall.objects.using(roles.OWNER).select_for_update().get(pk=hall.pk)
    if not naming.schema_exists(hall.schema_name, using=roles.OWNER):
        return
    for hinders in declared.functions("hall_in_use"):
        with scope.hall(hall):
            if sentence := hinders():
                raise jobs.Refused(sentence)


def look_over(job: HallJob) -> str:
    """Let check_halls look at the new hall: nothing may be wrong with it."""
    hall = hall_of(job)
    if found := list(gathering.findings([hall.key])):
        raise jobs.Refused(_("检查出 %(n)d 处不对：%(first)s") % {"n": len(found), "first": found[0]})
    return _("没有不对的")


RESERVE = jobs.Step("reserve", lazy("核对代号和网址"), do=reserve)
OPEN = jobs.Step("schema", lazy("建数据库和权限"), do=open_schema, undo=withdraw)
CHECK = jobs.Step("check", lazy("全面检查"), do=look_over)
