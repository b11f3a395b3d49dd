"""看一遍再提交: everything once more, and the one button that files it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import places
from cases.hall.forms.apply import SubmitForm
from cases.hall.forms.questions import pages
from cases.hall.models import Case
from cases.hall.queries import access
from cases.hall.services import authority, drafts, submit
from cases.hall.services.bundles import drafting, filing
from cases.hall.views import journey, shown
from cases.hall.views.asking import of_draft
from cases.hall.views.draft import given_files
from catalog.shared import questions
from tenants.shared.http import HallRequest


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def check(request: HallRequest, case: Case) -> HttpResponse:
    """Show the whole application; POST files it. Pressed again, it leads to the same receipt."""
    if request.method != "POST":
        return _page(request, case, _form(case))
    form = SubmitForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form)
    now = timezone.now()
    try:
        file = filing.submit_whole if case.bundle else submit.submit
        filed = file(
            case,
            actor=request.actor,
            applicant=access.applicant_for(request.actor, case),
            version=form.cleaned_data["version"],
            idempotency_key=form.cleaned_data["key"],
            now=now,
        )
    except drafts.ItemChanged:
        return _refreshed(request, case, now)
    except submit.Incomplete as problem:
        return _page(
            request, case, _form(case), problems=[*problem.fields.values(), *problem.materials.values()]
        )
    except (drafts.HallNotTaking, drafts.NotOffered) as problem:
        return _page(request, case, _form(case), problems=[str(problem)])
    except authority.LevelNeeded as problem:
        return _page(
            request, case, _form(case), problems=[str(problem)], identity_url=places.identity_url(request)
        )
    return redirect("case-receipt", filed.number)


def _form(case: Case) -> SubmitForm:
    # one key a draft: however often it is pressed, and in how many windows, it is one case
    return SubmitForm(initial={"version": case.item_version, "key": f"draft-{case.pk}"})


def _refreshed(request: HallRequest, case: Case, now: datetime) -> HttpResponse:
    """Take the item's present version into the draft and show what changed; everything typed is there."""
    try:
        refresh = drafting.refresh if case.bundle else drafts.refresh
        changes = refresh(case, actor=request.actor, now=now)
    except (drafts.NotOffered, drafting.TooFew) as problem:
        return _page(request, case, _form(case), problems=[str(problem)])
    return _page(request, case, _form(case), changes=changes or [_("说明")])


def _page(
    request: HallRequest,
    case: Case,
    form: SubmitForm,
    *,
    problems: list[str] | None = None,
    changes: list[str] | None = None,
    identity_url: str = "",
) -> HttpResponse:
    files = given_files(case)
    here, before = journey.place(journey.steps(case, files), "check", case)
    context: dict[str, Any] = {
        "case": case,
        "here": here,
        "previous_url": before,
        "form": form,
        "problems": problems or [],
        "changes": changes or [],
        "identity_url": identity_url,
        "applicant": shown.of_applicant(
            access.applicant_for(request.actor, case), case, is_masked=bool(case.acted_for)
        ),
        "sections": shown.sections(case, is_masked=False, urls=_urls(case)),
        "blocks": shown.blocks(case, files),
        "delivery": shown.delivery(case, is_masked=False),
    }
    return render(request, "cases_hall/check.html", context)


def _urls(case: Case) -> dict[str, str]:
    """Return where each answer is changed: its page, and there its box."""
    return {
        row["name"]: f"{reverse('draft-form', args=[case.pk, page.number])}?back=check#id_{_box(row)}"
        for page in pages(case.item.get("form") or [])
        for row in page.fields
    }


def _box(row: Mapping[str, Any]) -> str:
    return f"{row['name']}.rows" if row["type"] == questions.GROUP else str(row["name"])
