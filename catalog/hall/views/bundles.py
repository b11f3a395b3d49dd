"""一件事: the bundles that this hall has items of, and one of them with all that its items ask for together."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.hall import queries
from catalog.hall.models import EffectiveItem
from catalog.hall.views.guide import apply_url, material
from catalog.hall.views.listing import rows
from catalog.shared import bundles, wording
from catalog.shared import rows as item_rows
from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of
from catalog.shared.queries import city_values_of
from tenants.shared.http import HallRequest

# fewer is an application for that item
FEWEST = 2


@require_safe
def index(request: HallRequest) -> HttpResponse:
    """Show the bundles that this hall has an item of, with how many."""
    return render(request, "catalog_hall/bundles.html", {"found": queries.bundles_here(request.hall)})


@require_safe
def bundle(request: HallRequest, key: str) -> HttpResponse:
    """Show what one event asks for here: its items, its time and cost, one list of papers and one of questions."""
    found = bundle_of(key)
    if found is None:
        raise Http404
    items = queries.items_of(found)
    first = next((item for item in items if apply_url(request, item)), items[0] if items else None)
    shown = {
        "bundle": found,
        "steps": steps(found, items),
        "missing": missing(found, items),
        "first": first,
        "first_url": apply_url(request, first) if first else "",
        "apply_url": together_url(request, found, items),
        **together(found, items),
    }
    return render(request, "catalog_hall/bundle.html", shown)


def together_url(request: HallRequest, bundle: Bundle, items: Sequence[EffectiveItem]) -> str:
    """Return where two or more of these items are applied for at once; empty where fewer can be, or none now."""
    if sum(bool(apply_url(request, item)) for item in items) < FEWEST:
        return ""
    return reverse("bundle-apply", args=[bundle.key])


def steps(bundle: Bundle, items: Sequence[EffectiveItem]) -> list[dict[str, Any]]:
    """Return the items of a bundle that this hall has, in order, with a line of facts and who needs each."""
    when = {step["code"]: step.get("when", "") for step in bundle.steps}
    return [{**row, "when": when[row["code"]]} for row in rows(items)]


def missing(bundle: Bundle, items: Sequence[EffectiveItem]) -> list[dict[str, str]]:
    """Return the items of a bundle that this hall does not show, those that the city still has: another hall has them.

    One query, and none where nothing is missing.
    """
    here = {item.code for item in items}
    gone = [code for code in bundle.codes if code not in here]
    names = city_values_of(gone) if gone else {}
    return [{"code": code, "name": names[code]["name"]} for code in gone if code in names]


def together(bundle: Bundle, items: Sequence[EffectiveItem]) -> dict[str, Any]:
    """Return what the items of a bundle ask for together, from their values in this hall: nothing is asked twice."""
    values = queries.asked_of(items)
    return {
        "took": bundles.limit(values),
        "paid": bundles.fees(values),
        "visited": wording.visits(bundles.visits(values)),
        "papers": [
            {**material(paper.row), "items": paper.items, "notes": paper.notes}
            for paper in bundles.papers(values)
        ],
        "questions": [
            {
                "label": question.row["label"],
                "name": question.row["name"],
                "type": question.row["type"],
                "kind": item_rows.QUESTION_TYPES.get(question.row["type"], ""),
                "required": bool(question.row.get("required")),
                "items": question.items,
            }
            for question in bundles.questions(values, bundle.own_questions)
        ],
    }
