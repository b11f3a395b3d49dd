"""A company's agents 经办人, for its legal representative at the portal: authorising and ending."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import actor_of, signed_in
from accounts.forms import AgentForm
from accounts.models import Company
from accounts.queries import agents_of, represented_by
from accounts.services import companies
from accounts.views.answers import page


def _company(request: HttpRequest, uscc: str) -> Company:
    company = represented_by(actor_of(request), uscc)
    if company is None:
        raise Http404(_("没有这家企业"))
    return company


@signed_in
@require_http_methods(["GET", "POST"])
def agents(request: HttpRequest, uscc: str) -> HttpResponse:
    """Show who acts for the company; POST authorises somebody."""
    company = _company(request, uscc)
    form = AgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        given = form.cleaned_data
        until = timezone.localdate(now) + timedelta(days=int(given["lasts"]))
        try:
            companies.authorise(
                company,
                name=given["name"],
                phone=given["phone"],
                until=until,
                by=actor_of(request).person_id,  # type: ignore[arg-type]
                now=now,
            )
            return redirect("company-agents", uscc)
        except companies.NotAuthorised as refusal:
            for name, text in refusal.fields.items():
                form.add_error({"until": "lasts"}.get(name, name), text)
    today = timezone.localdate()
    rows = [
        {"agency": agency, "is_proved": bool(agency.authorised_by and agency.until and agency.until >= today)}
        for agency in agents_of(company)
    ]
    return page(request, "accounts/agents.html", {"company": company, "form": form, "rows": rows})


@signed_in
@require_POST
def end(request: HttpRequest, uscc: str, person: UUID) -> HttpResponse:
    """End what an agent may do, at once."""
    company = _company(request, uscc)
    companies.end(company, person, by=actor_of(request).person_id, now=timezone.now())  # type: ignore[arg-type]
    return redirect("company-agents", uscc)
