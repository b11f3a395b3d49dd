"""What a hall's page in the console says of its cases, and of what was done to it: from public facts and the city's audit."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Record
from cases.shared import logged
from cases.shared.models import EnquiryPointer, Pointer
from tenants.shared.hall_page import Line, Link, Section
from tenants.shared.hall_sections import moment
from tenants.shared.models import Hall

LATEST = 10


def sections(hall: Hall, now: datetime) -> Iterator[Section]:
    """Yield how many cases are open and late, complaints that wait for the city, and the latest of the city's audit on this hall."""
    counted = (
        Pointer.objects.open()
        .filter(hall_id=hall.role)
        .aggregate(open=Count("case"), late=Count("case", filter=Q(due_on__lt=timezone.localdate(now))))
    )
    lines = [
        Line(_("在办"), counted["open"]),
        Line(_("超期"), counted["late"], "danger" if counted["late"] else ""),
    ]
    if orphaned := EnquiryPointer.objects.filter(hall_id=hall.role, needs_city=True).count():
        lines.append(Line(_("没人能办的投诉"), orphaned, "danger"))
    yield Section("figures", _("事项和办件"), lines)
    rows = Record.objects.filter(object__in=(hall.key, hall.role)).order_by("-at", "pk")[:LATEST]
    yield Section(
        "log",
        _("操作记录"),
        columns=(_("时间"), _("谁"), _("做了什么")),
        rows=[[moment(row.at), row.actor_name or _("系统"), logged.words(row.action)] for row in rows],
        note="" if rows else _("市里还没有对这个大厅做过什么。"),
        links=[Link(_("全部操作记录"), reverse("city-audit"))],
    )
