"""能不能在网上办: who may, what is needed, how long it takes; then the draft begins."""

from math import ceil
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import places
from accounts.access import signed_in
from accounts.queries import applicant_of
from cases.hall.enums import MandateKind, MandateStanding, State
from cases.hall.forms.apply import CompanyForm, EligibilityForm
from cases.hall.models import Case, CaseQuerySet, Mandate
from cases.hall.queries import access, companies, mandates, place
from cases.hall.services import authority, drafts
from cases.hall.views import shown
from catalog.hall.models import EffectiveItem
from catalog.shared import questions
from catalog.shared.enums import Audience
from tenants.shared.http import HallRequest

# what filling in a page takes an unhurried person: minutes for each field and each photo, and for reading
PER_FIELD, PER_FILE, READING = 0.4, 1.0, 2.0


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HallRequest, code: str) -> HttpResponse:
    """Show what to know before starting; POST makes the draft, or finds the one that was begun."""
    item = EffectiveItem.objects.offered().filter(code=code).first()
    if item is None:
        raise Http404
    closed = _closed(item)
    mandate = asked_mandate(request)
    if mandate is not None and mandate.kind == MandateKind.PROXY and not item.proxy_allowed:
        closed = closed or str(authority.InPersonOnly())
    is_for_company = item.audience != Audience.PERSONAL and mandate is None
    named = companies.for_item(request.actor, proxy_allowed=item.proxy_allowed) if is_for_company else []
    lacks = item.identity_level > request.actor.level
    data = request.POST if request.method == "POST" else None
    form = CompanyForm(data, companies=named)
    draft = _drafts(request, item, mandate).order_by("-updated_at", "id").first()
    # who has begun has said it
    able = EligibilityForm(data, prefix="able", rows=[] if draft else questions.eligibility(item.form))
    is_able = data is not None and able.is_valid() and not able.refused
    if not closed and not lacks and is_able and form.is_valid():
        try:
            case = drafts.start(
                code,
                actor=request.actor,
                applicant=applicant_of(request.actor) if mandate is None else None,
                company=form.chosen,
                mandate=mandate.pk if mandate else None,
                now=timezone.now(),
            )
        except (drafts.HallNotTaking, drafts.NotOffered, authority.NotInMandate) as refusal:
            closed = str(refusal)
        else:
            return redirect("draft", case.pk)
    context = (
        _context(item, form, closed, mandate)
        | _identity(request, item)
        | {
            "draft": draft,
            "able": able,
            "refused": able.refused if able.is_bound and able.is_valid() else [],
        }
    )
    return render(request, "cases_hall/start.html", context)


def _identity(request: HallRequest, item: EffectiveItem) -> dict[str, str]:
    """Return what must be done first by whoever is not known well enough, before any work; nothing for others."""
    if item.identity_level <= request.actor.level:
        return {}
    return {
        "identity_says": str(authority.LevelNeeded(item.identity_level)),
        "identity_url": places.identity_url(request),
    }


def asked_mandate(request: HallRequest) -> Mandate | None:
    """Return the mandate that the address names, whoever it is for. Raises Http404 for another's, MandateOver."""
    if not (given := request.GET.get("for")):
        return None
    try:
        mandate = mandates.as_proxy(request.actor, UUID(given))
    except ValueError:
        mandate = None
    if mandate is None:
        raise Http404
    if mandate.standing(timezone.localdate()) != MandateStanding.IN_FORCE:
        raise access.MandateOver
    return mandate


def _drafts(request: HallRequest, item: EffectiveItem, mandate: Mandate | None) -> CaseQuerySet:
    """Return the drafts of this item that the person has, or has for this principal."""
    drafts_here = Case.objects.filter(item_code=item.code, state=State.DRAFT, bundle="")
    if mandate is None:
        return drafts_here.of_person(request.actor.person_id).held_alone()
    return drafts_here.filter(person=mandate.principal.person, proxy=mandate.proxy, taken_over_at=None)


def _context(item: EffectiveItem, form: CompanyForm, closed: str, mandate: Mandate | None) -> dict[str, Any]:
    materials = [row for row in item.materials if not row.get("exempt") and not row.get("hidden")]
    return {
        "acted_for": mandate.principal.name if mandate else "",
        "item": item,
        "form": form,
        "closed": closed,
        "materials": [{"name": row["name"], "when": shown.when(row)} for row in materials],
        "minutes": ceil(READING + PER_FIELD * len(item.form) + PER_FILE * len(materials)),
        "guide_url": f"/items/{item.code}/",
        "home_url": reverse("track"),
    }


def _closed(item: EffectiveItem) -> str:
    """Say why this cannot be begun online now; empty when it can."""
    if not item.can_apply:
        return _("这个事项不能在网上申请。")
    if not place.is_taking():
        return _("本厅暂停收件，查进度、取证件照常。")
    return ""
