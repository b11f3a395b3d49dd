"""The guide of an item 办事指南, where to come for it, and what to do when another hall has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.places import origin
from catalog.hall import queries
from catalog.hall.models import EffectiveItem
from catalog.hall.views import details
from catalog.hall.views.former import gone
from catalog.shared import codes, labels, rows, wording
from catalog.shared.queries import city_values
from tenants.hall.models import Office
from tenants.hall.queries import department_usccs, office
from tenants.shared import divisions
from tenants.shared.enums import TAKING
from tenants.shared.http import HallRequest
from tenants.shared.models import Hall
from tenants.shared.queries import halls

# how many papers the summary of a guide names
NAMED = 4


def item(request: HallRequest, code: str) -> HttpResponse:
    """Show the guide of an item; a hidden one to staff alone. Where this hall has it not, show which hall to ask."""
    actor: Actor = request.actor
    if "version" in request.GET:
        return version(request, code, request.GET["version"])
    found = queries.effective_item(code, with_hidden=actor.is_staff_here)
    if found is None:
        return elsewhere(request, code)
    sources = queries.sources(found) if actor.is_staff_here else {}
    shown = {
        **content(request, found, sources),
        "demo_labels": [labels.field(name) for name in found.demonstration],
        "apply_url": apply_url(request, found),
        "share_url": request.build_absolute_uri(request.path),
        "sources": sources,
    }
    return render(request, "catalog_hall/guide.html", shown)


def content(request: HallRequest, item: EffectiveItem, sources: Mapping[str, str]) -> dict[str, Any]:
    """Return what the guide of an item says, on the page and on paper; for staff with whose value each is."""
    hall: Hall = request.hall
    department = f"{hall.department_prefix}{item.department}"
    uscc = department_usccs(hall).get(item.department, "")
    materials = [material(row) for row in item.materials]
    return {
        "item": item,
        "department": department,
        "facts": facts(item, sources),
        "place": place(item, office(hall)),
        "materials": materials,
        "brought": brought(materials),
        "delivery": [labels.DELIVERY[way] for way in item.delivery if way in labels.DELIVERY],
        "details": details.groups(
            item,
            department=department,
            implementing_code=codes.implementing_code_of(hall, item.code, uscc),
            sources=sources,
        ),
    }


def version(request: HallRequest, code: str, number: str) -> HttpResponse:
    """Show a published version of an item, plainly marked. Raises Http404 where there is none, or the item is not shown here."""
    actor: Actor = request.actor
    kept = queries.version(code, number)
    is_shown = queries.effective_item(code, with_hidden=actor.is_staff_here) is not None
    if kept is None or not (is_shown or queries.former_life(code)):
        raise Http404
    notice = (
        _("这是本厅的第 %(n)s 版，不一定是现在的")
        if kept.is_local
        else _("这是市里的第 %(n)s 版，不一定是现在的")
    )
    return kept_page(request, kept, notice % {"n": kept.version})


def kept_page(request: HallRequest, kept: EffectiveItem, notice: str) -> HttpResponse:
    """Show the guide of kept values under a notice that says what they are; nothing is applied for from here."""
    shown = {**content(request, kept, {}), "kept": notice, "current_url": reverse("item", args=[kept.code])}
    return render(request, "catalog_hall/guide.html", shown)


def elsewhere(request: HallRequest, code: str) -> HttpResponse:
    """Show that this hall does not offer a shared item, and which hall serves the applicant's town. Raises Http404.

    An item that is not in use any more leads to its successor, or says since when.
    """
    if (answer := gone(request, code)) is not None:
        return answer
    city = city_values(code) if queries.CODE.fullmatch(code) else None
    if city is None:
        raise Http404
    hall: Hall = request.hall
    town = divisions.town(request.GET.get("town", ""))
    serving = next((other for other in halls() if town and other.pk == town.hall_id), None)
    is_here = serving is not None and serving.pk == hall.pk
    shown = {
        "name": city["name"],
        "code": code,
        "counties": divisions.by_county(),
        "town": town,
        "serving": serving,
        "is_here": is_here,
        "serving_url": origin(request, serving.host) + request.path if serving and not is_here else "",
    }
    return render(request, "catalog_hall/elsewhere.html", shown, status=404)


def apply_url(request: HallRequest, item: EffectiveItem) -> str:
    """Return where an application begins; empty when it cannot, or when this hall takes none now."""
    if not item.can_apply or request.hall_state not in TAKING:
        return ""
    try:
        return reverse("apply", args=[item.code])
    except NoReverseMatch:
        return ""


def facts(item: EffectiveItem, sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the four facts of a guide: how long, how much, how often to come, who; for staff with whose value it is."""
    took = wording.limit(item.kind, item.promised_days, item.promised_unit)
    rows = [
        ("promised_days", _("多久办好"), took, item.limit_note),
        ("fees", _("要交多少钱"), wording.fees(item.fees), ""),
        ("visits", _("要跑几次"), wording.visits(item.visits), item.visits_reason),
        ("audience", _("谁能办"), item.get_audience_display(), ""),
    ]
    return [
        {"field": field, "label": label, "value": value, "note": note, "source": sources.get(field)}
        for field, label, value, note in rows
    ]


def brought(materials: Sequence[Mapping[str, Any]]) -> str:
    """Return in one line what to bring: the first few papers that must be there, and how many there are."""
    names = [row["name"] for row in materials if not row["exempt_words"] and not row["is_optional"]]
    if not names:
        return _("什么都不用带")
    shown = "、".join(names[:NAMED])
    return shown if len(names) <= NAMED else _("%(names)s等 %(n)d 样") % {"names": shown, "n": len(names)}


def place(item: EffectiveItem, office: Office) -> dict[str, Any]:
    """Return where and when to come: the item's own word, else the hall's office."""
    return {
        "address": item.address or office.address,
        "hours": item.hours or office.hours,
        "phone": item.phone or office.phone,
        "complaint_phone": item.complaint_phone or office.complaint_phone,
        "windows": item.windows,
    }


def material(row: dict[str, Any]) -> dict[str, Any]:
    """Return a material as a guide says it: how many, whether it must be there, who spares it."""
    counted = []
    if row.get("originals"):
        counted.append(_("原件 %(n)s 份") % {"n": row["originals"]})
    if row.get("copies"):
        counted.append(_("复印件 %(n)s 份") % {"n": row["copies"]})
    form = rows.MATERIAL_FORMS.get(str(row.get("form", "")))
    if form:
        counted.append(str(form))
    needed = "later" if row.get("necessity") == "later" else row.get("necessity", "required")
    return {
        **row,
        "counted": "，".join(counted),
        "needed": _("先收下，%(n)s 个工作日内补") % {"n": row["grace_days"]}
        if needed == "later" and row.get("grace_days")
        else rows.NECESSITY.get(str(needed), ""),
        "is_optional": needed != "required",
        "exempt_words": row.get("exempt_by") or _("我们自己查，您不用交") if row.get("exempt") else "",
        "more": details.of_material(row, details.words()),
    }
