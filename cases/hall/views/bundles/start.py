"""要办哪几项: of each item of a bundle who may and who needs it; then one draft begins for all that were chosen."""

from math import ceil
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in
from accounts.queries import applicant_of
from cases.hall.forms.bundles import PartsForm
from cases.hall.models import Case, Mandate
from cases.hall.queries import bundles, companies, place
from cases.hall.services import authority, drafts
from cases.hall.services.bundles import drafting
from cases.hall.views.apply import PER_FIELD, PER_FILE, READING, asked_mandate
from catalog.hall.models import EffectiveItem
from catalog.hall.queries import items_of
from catalog.hall.views.bundles import missing
from catalog.shared.enums import Audience
from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of
from tenants.shared.http import HallRequest


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: HallRequest, key: str) -> HttpResponse:
    """Ask which items are wanted; POST makes the draft, or gives the one that was begun this choice."""
    bundle = bundle_of(key)
    if bundle is None:
        raise Http404
    offered = items_of(bundle)
    items = [item for item in offered if item.can_apply]
    mandate = asked_mandate(request)
    closed = _closed(items)
    is_for_company = bundle.audience != Audience.PERSONAL and mandate is None
    named = (
        companies.for_item(request.actor, proxy_allowed=all(item.proxy_allowed for item in items))
        if is_for_company
        else []
    )
    draft = _draft(request, bundle, mandate)
    form = PartsForm(
        request.POST if request.method == "POST" else None,
        companies=named,
        items=items,
        when={step["code"]: step.get("when", "") for step in bundle.steps},
        kept=draft.codes if draft else (),
    )
    if not closed and form.is_valid():
        try:
            case = drafting.start(
                key,
                form.wanted,
                actor=request.actor,
                applicant=applicant_of(request.actor) if mandate is None else None,
                company=form.chosen,
                mandate=mandate.pk if mandate else None,
                now=timezone.now(),
            )
        except (drafts.HallNotTaking, drafts.NotOffered, drafting.TooFew, authority.NotInMandate) as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("draft", case.pk)
    context = {
        "bundle": bundle,
        "form": form,
        "closed": closed,
        "draft": draft,
        "acted_for": mandate.principal.name if mandate else "",
        "at_window": [item for item in offered if not item.can_apply],
        "missing": missing(bundle, offered),
        "minutes": _minutes(bundle, items),
    }
    return render(request, "cases_hall/bundles/start.html", context)


def _draft(request: HallRequest, bundle: Bundle, mandate: Mandate | None) -> Case | None:
    if mandate is None:
        return bundles.draft_of(request.actor.person_id, bundle.key, "")
    return bundles.draft_of(mandate.principal.person, bundle.key, "", proxy=mandate.proxy)


def _minutes(bundle: Bundle, items: list[EffectiveItem]) -> int:
    whole: dict[str, Any] = bundles.whole(bundle, items)
    return ceil(READING + PER_FIELD * len(whole["form"]) + PER_FILE * len(whole["materials"]))


def _closed(items: list[EffectiveItem]) -> str:
    """Say why this cannot be begun online now; empty when it can."""
    if len(items) < bundles.FEWEST:
        return _("这件事在本厅不能在网上一起申请。")
    if not place.is_taking():
        return _("本厅暂停收件，查进度、取证件照常。")
    return ""
