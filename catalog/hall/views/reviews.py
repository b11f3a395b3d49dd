"""What waits for the hall's decision because the city changed it: the queue, and one review with its three values."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import actor_of, post_required
from catalog.hall import queries
from catalog.hall.forms import BatchForm, ValueForm, WhyForm
from catalog.hall.models import Review
from catalog.hall.services import reviews
from catalog.hall.services.overrides import ReasonMissing
from catalog.hall.services.reviews import Asked, CannotKeep, ChangedMeanwhile, NotWaiting, Outcome
from catalog.hall.views import three
from catalog.hall.views.paging import page_of
from catalog.hall.views.staff import EDITORS, REFUSALS, may_edit
from catalog.shared.saying import label_of
from tenants.shared.http import HallRequest

# why one of a batch was left alone: by a letter in the address, so that the page can be read again
LEFT: dict[type[Exception], str] = {NotWaiting: "n", ChangedMeanwhile: "c", CannotKeep: "k"}
LEFT_WORDS = {
    "n": gettext_lazy("已经不用定了"),
    "c": gettext_lazy("看过以后又变了，请再看一眼"),
    "k": gettext_lazy("不合现在的规定，不能保留"),
}
DECISIONS = ("accept", "keep")


@post_required()
def queue(request: HallRequest) -> HttpResponseBase:
    """Show a page of what waits, the oldest first; a POST decides on the ticked ones together."""
    if request.method == "POST":
        return _batch(request)
    return _queue(request)


@post_required(*EDITORS)
def _batch(request: HallRequest) -> HttpResponse:
    decision = request.POST.get("decision", "")
    picked = _picked(request.POST.getlist("pick"))
    form = BatchForm(request.POST)
    if not form.is_valid():
        return _queue(request, form)
    if decision not in DECISIONS or not picked:
        missing = _("请先勾上要定的") if decision in DECISIONS else _("请点“用市里的”或“保留我们的”")
        form.add_error(None, missing)
        return _queue(request, form)
    rows = {row.pk: row for row in queries.reviews(request.hall, now=timezone.now()).filter(pk__in=picked)}
    asked = {pk: Asked(row.code, row.field, picked[pk]) for pk, row in rows.items()}
    by, now = actor_of(request), timezone.now()
    try:
        outcomes = (
            reviews.accept_all(asked.values(), by=by, now=now)
            if decision == "accept"
            else reviews.keep_all(asked.values(), reason=form.cleaned_data["reason"], by=by, now=now)
        )
    except ReasonMissing as missing:
        form.add_error("reason", str(missing))
        return _queue(request, form)
    left = [(pk, "n") for pk in picked.keys() - rows.keys()] + _left(asked, outcomes)
    told: dict[str, str | int] = {
        "did": decision,
        "n": sum(outcome.refusal is None for outcome in outcomes),
        "left": ",".join(f"{pk}{why}" for pk, why in sorted(left)),
    }
    return redirect(f"{reverse('staff-reviews')}?{urlencode({**_filters(request), **told})}")


@post_required()
def one(request: HallRequest, pk: int) -> HttpResponseBase:
    """Show one review with its three values, and take the decision on it."""
    now = timezone.now()
    review = queries.review(request.hall, pk, now=now)
    if review is None:
        if request.method == "POST":
            return _told(request, {"left": f"{pk}n"})
        raise Http404
    if request.method == "POST":
        return _decide(request, review, now=now)
    return _one(request, review, now=now)


@post_required(*EDITORS)
def _decide(request: HallRequest, review: Review, *, now: datetime) -> HttpResponse:
    asked = Asked(review.code, review.field, request.POST.get("seen", ""))
    decision = request.POST.get("decision", "")
    why, form = WhyForm(), None
    try:
        if decision == "accept":
            reviews.accept(asked, by=actor_of(request), now=now)
        elif decision == "keep":
            why = WhyForm(request.POST)
            if not why.is_valid():
                return _one(request, review, now=now, why=why, status=422)
            reviews.keep(asked, reason=why.cleaned_data["reason"], by=actor_of(request), now=now)
        else:
            form = _value_form(review, request.POST)
            if form is None or not form.is_valid():
                return _one(request, review, now=now, form=form, status=422)
            reason = form.cleaned_data["reason"]
            reviews.edit(asked, form.value, reason=reason, by=actor_of(request), now=now)
    except (ChangedMeanwhile, NotWaiting) as refusal:
        return _one(request, review, now=now, why=why, form=form, problems=[str(refusal)], status=409)
    except CannotKeep as refusal:
        return _one(request, review, now=now, why=why, problems=[str(refusal)], status=422)
    except REFUSALS as refusal:
        if form is not None:
            form.add_error("value" if "value" in form.fields else None, str(refusal))
        return _one(request, review, now=now, form=form, status=422)
    return _told(request, {"did": decision if decision in DECISIONS else "edit", "n": 1})


def _told(request: HttpRequest, what: dict[str, Any]) -> HttpResponse:
    return redirect(f"{reverse('staff-reviews')}?{urlencode(what)}")


def _one(
    request: HallRequest,
    review: Review,
    *,
    now: datetime,
    why: WhyForm | None = None,
    form: ValueForm | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "waiting": three.waiting(review, now=now),
        "why": why or WhyForm(),
        "form": form or _value_form(review),
        "problems": problems or [],
        "may_edit": may_edit(request),
        "is_editing": form is not None or "edit" in request.GET,
    }
    return render(request, "catalog_hall/staff_review.html", shown, status=status)


def _value_form(review: Review, data: Any = None) -> ValueForm | None:
    """Return the form for another value, filled with the hall's; None for a row that the city has removed."""
    if review.current is None:
        return None
    city: Any = review.current
    current: Any = {**city, **(review.value or {})} if "." in review.field else review.value
    unit = city["unit"] if review.field == "promised_days" else ""
    if unit and current["unit"] != unit:
        # the field asks for days in the city's unit
        current = city
    return ValueForm(data, field=review.field, current=current, unit=unit)


def _queue(request: HallRequest, form: BatchForm | None = None) -> HttpResponse:
    now, filters = timezone.now(), _filters(request)
    found = queries.reviews(
        request.hall,
        now=now,
        department=filters.get("department", ""),
        code=filters.get("code", ""),
        is_overdue="overdue" in filters,
    )
    page = page_of(request, found)
    shown = {
        "page": page,
        "rows": [three.waiting(row, now=now) for row in page.object_list],
        "counts": queries.review_counts(now),
        "departments": queries.review_departments(request.hall),
        "filters": filters,
        "form": form or BatchForm(),
        "picked": set(_picked(request.POST.getlist("pick"))),
        "may_edit": may_edit(request),
        "done": request.GET.get("did", "") if request.GET.get("n", "").isdigit() else "",
        "number": request.GET.get("n", ""),
        "left": _left_alone(request),
    }
    return render(request, "catalog_hall/staff_reviews.html", shown, status=422 if form else 200)


def _filters(request: HttpRequest) -> dict[str, str]:
    """Return what the list is narrowed by, cleaned; nothing for what asks for nothing."""
    found = {
        "department": request.GET.get("department", "").replace("\x00", "").strip()[:60],
        "code": request.GET.get("code", "") if queries.CODE.fullmatch(request.GET.get("code", "")) else "",
        "overdue": "1" if request.GET.get("overdue") == "1" else "",
    }
    return {name: text for name, text in found.items() if text}


def _picked(values: Iterable[str]) -> dict[int, str]:
    """Return the ticked reviews: the override's number → the mark of what was seen."""
    found = {}
    for given in values:
        number, _colon, seen = given.partition(":")
        if number.isdigit() and len(number) < 19:
            found[int(number)] = seen
    return found


def _left(asked: dict[int, Asked], outcomes: Iterable[Outcome]) -> list[tuple[int, str]]:
    return [
        (pk, LEFT[type(outcome.refusal)])
        for pk, outcome in zip(asked, outcomes, strict=True)
        if outcome.refusal is not None
    ]


def _left_alone(request: HallRequest) -> list[dict[str, Any]]:
    """Return which of a batch were not decided, and why; those that still wait by name. One query, none when all were."""
    given = [
        part for part in request.GET.get("left", "").split(",") if part[:-1].isdigit() and len(part) < 20
    ]
    why = {int(part[:-1]): part[-1] for part in given[:200] if part[-1] in LEFT_WORDS}
    if not why:
        return []
    waiting = {row.pk: row for row in queries.reviews(request.hall, now=timezone.now()).filter(pk__in=why)}
    found = []
    for pk, letter in why.items():
        row = waiting.get(pk)
        label = label_of(row.field, row.current or row.base) if row else ""
        name = getattr(row, "name", "") if row else ""
        found.append({"pk": pk if row else None, "name": name, "label": label, "why": LEFT_WORDS[letter]})
    return found
