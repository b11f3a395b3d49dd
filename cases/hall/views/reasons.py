"""现成的话: the texts that clerks start their reasons from; all staff read them, who fits items edits them."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import post_required
from cases.hall.forms.reasons import ReasonTextForm, places
from cases.hall.models import ReasonText
from cases.hall.queries import reasons
from cases.hall.services import reason_texts
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest

EDITORS = (PostRole.BRANCH_STAFF, PostRole.HALL_ADMIN)


@post_required()
def texts(request: HallRequest) -> HttpResponse:
    """Show all texts by where they are used."""
    labels = {value: label for _group, rows in places() for value, label in rows}
    rows = [
        {"row": row, "place": labels.get(f"step:{row.step}" if row.step else f"verdict:{row.verdict}", "")}
        for row in reasons.listed()
    ]
    context = {
        "rows": rows,
        "may_edit": request.actor.holds(*EDITORS),
        "done": request.GET.get("done", ""),
    }
    return render(request, "cases_hall/reasons.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*EDITORS)
def edit(request: HallRequest, pk: int | None = None) -> HttpResponse:
    """Write a text, a new one without `pk`; one with a name in braces that is none is refused."""
    row = get_object_or_404(reasons.listed(), pk=pk) if pk is not None else None
    form = ReasonTextForm(request.POST if request.method == "POST" else None, row=row)
    if form.is_valid():
        try:
            reason_texts.save(form.wanted, by=request.actor, now=timezone.now(), row=row)
        except reason_texts.NotSaved as problem:
            for field, sentence in problem.fields.items():
                form.add_error(field, sentence)
        else:
            return redirect("/staff/reasons/?done=saved")
    status = 422 if form.is_bound else 200
    return render(request, "cases_hall/reason.html", {"form": form, "row": row}, status=status)


@require_POST
@post_required(*EDITORS)
def remove(request: HallRequest, pk: int) -> HttpResponse:
    """Offer a text no more."""
    row: ReasonText = get_object_or_404(reasons.listed(), pk=pk)
    reason_texts.remove(row, by=request.actor, now=timezone.now())
    return redirect("/staff/reasons/?done=removed")
