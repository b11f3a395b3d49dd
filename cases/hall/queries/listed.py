"""The rows of a list of cases as a file shows them: words and days; of a person what the screen shows, masked."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.hall.enums import State
from cases.hall.models import Case
from cases.hall.queries import progress
from tenants.shared import divisions

HEADS: tuple[str | Promise, ...] = (
    _("编号"),
    _("事项"),
    _("申请人"),
    _("单位"),
    _("状态"),
    _("时限"),
    _("最晚"),
    _("部门"),
    _("乡镇、街道"),
    _("收到"),
    _("谁在办"),
)


def rows(found: QuerySet[Case], today: date, chunk: int) -> Iterator[list[Any]]:
    """Yield the cells of each case, reading so many at a time."""
    for case in found.iterator(chunk_size=chunk):
        tag = progress.tag(case, today)
        yield [
            case.number,
            case.item_name,
            case.applicant_masked,
            case.company_name,
            str(State(case.state).label),
            tag.label if tag else "",
            case.due_on.isoformat() if case.due_on else "",
            case.department,
            place_name(case.division),
            timezone.localtime(case.received_at).strftime("%Y-%m-%d %H:%M") if case.received_at else "",
            case.claimed_name,
        ]


def place_name(code: str) -> str:
    """Return the name of a town; empty for none. From the towns that the process keeps."""
    town = divisions.town(code) if code else None
    return town.full_name if town else code


def places() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the towns by county, code and name each, as a select groups them."""
    return [(county, [(town.code, town.name) for town in towns]) for county, towns in divisions.by_county()]
