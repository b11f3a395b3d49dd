"""我的材料: what a person keeps to hand in again in any hall. Shown, added, given back and deleted here; theirs alone."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import actor_of, signed_in
from accounts.encryption import NotReadable
from accounts.enums import Trust
from accounts.material_kinds import BY_CODE, OTHER
from accounts.models import Material
from accounts.queries import material_of, materials_of
from accounts.services import materials
from cases.hall import files
from cases.hall.services.uploads import kept
from cases.hall.views.download import named
from portal.forms import ExpiryForm, MaterialForm

# so many days before its end a paper says so
SOON_DAYS = 30


@dataclass(frozen=True)
class Row:
    """One paper as the list shows it."""

    material: Material
    kind: str
    note: str
    is_expired: bool
    is_soon: bool
    is_issued: bool


def row(material: Material, today: date) -> Row:
    """Return how a paper is shown on that day."""
    is_expired = materials.is_expired(material, today)
    left = (material.expires_on - today).days if material.expires_on else None
    return Row(
        material,
        str(BY_CODE[material.kind].label),
        kept.note(material),
        is_expired,
        not is_expired and left is not None and left <= SOON_DAYS,
        material.trust == Trust.ISSUED,
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show what this person keeps; POST keeps one more."""
    if request.method != "POST":
        return _page(request, MaterialForm())
    form = MaterialForm(request.POST, request.FILES)
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            seen = files.inspect(given["upload"], given["upload"].name or "")
            materials.keep(
                person_id(request), paper(seen, given["kind"], given["expires_on"]), now=timezone.now()
            )
        except files.FileRefused as refusal:
            form.add_error("upload", str(refusal))
            status = 507 if isinstance(refusal, files.NotStored) else 422
        except materials.NotKept as refusal:
            form.add_error("upload", str(refusal))
        else:
            return redirect(f"{reverse('materials')}?kept=1")
    return _page(request, form, status)


def paper(seen: files.FileFacts, kind: str, expires_on: date | None) -> materials.Paper:
    """Return what is to be kept of a file that was looked at: as its owner sent it."""
    label = str(BY_CODE[kind].label) if kind != OTHER else seen.name.rpartition(".")[0]
    return materials.Paper(
        kind=kind,
        label=label[:120],
        name=seen.name,
        content_type=seen.content_type,
        content=seen.content.read(),
        sha256=seen.sha256,
        expires_on=expires_on,
    )


@signed_in
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Give back one's own paper as it is kept. Raises Http404 for another's as for none."""
    material = _own(request, pk)
    try:
        content = materials.content(material)
    except (FileNotFoundError, NotReadable):
        raise Http404 from None
    return named(content, material.name, material.content_type)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask until when a paper holds, and before it is deleted."""
    material = _own(request, pk)
    form = ExpiryForm(request.POST or None, initial={"expires_on": material.expires_on})
    if request.method == "POST" and form.is_valid():
        materials.set_expiry(person_id(request), pk, form.cleaned_data["expires_on"])
        return redirect("materials")
    shown = {"row": row(material, timezone.localdate()), "form": form}
    return render(request, "portal/material.html", shown, status=422 if form.errors else 200)


@signed_in
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete one's own paper; applications that had a copy keep theirs."""
    if not materials.remove(person_id(request), pk):
        raise Http404
    return redirect(f"{reverse('materials')}?removed=1")


def person_id(request: HttpRequest) -> UUID:
    """Return who asks. Raises Http404 for nobody: the view has asked to sign in."""
    found = actor_of(request).person_id
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: UUID) -> Material:
    material = material_of(actor_of(request), pk)
    if material is None:
        raise Http404
    return material


def _page(request: HttpRequest, form: MaterialForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "rows": [row(material, today) for material in materials_of(actor_of(request))],
        "form": form,
        "most": materials.MOST,
        "is_kept": "kept" in request.GET,
        "is_removed": "removed" in request.GET,
    }
    return render(request, "portal/materials.html", context, status=status)
