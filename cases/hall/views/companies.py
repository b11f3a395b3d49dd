"""A company's legal representative 法定代表人, noted at the window with licence and ID card on the desk."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import post_required
from accounts.forms import RepresentativeForm
from accounts.services import companies
from cases.hall.queries.access import person_of
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest


@sensitive_post_parameters("representative", "id_number", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@post_required(PostRole.WINDOW)
def representative(request: HallRequest) -> HttpResponse:
    """Ask for company and representative; POST notes them."""
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    done = None
    if form.is_valid():
        try:
            done = companies.record_representative(
                clerk=person_of(request.actor), now=timezone.now(), **form.cleaned_data
            )
            form = RepresentativeForm()
        except companies.OtherName as refusal:
            form.add_error("name", str(refusal))
        except ValidationError as refusal:
            form.add_error("uscc", refusal)
        except companies.NotAuthorised as refusal:
            for name, text in refusal.fields.items():
                form.add_error(name, text)
    return render(request, "cases_hall/representative.html", {"form": form, "done": done})
