"""Renaming and deleting a hall at the city's console, and the certificate of a deletion."""

import base64

from django.db import DEFAULT_DB_ALIAS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import actor_of, city_required
from accounts.capabilities import Can
from portal.forms_life import DeletionForm, RenameForm
from portal.views.hall_life import hall_named, running, standing_hall
from tenants.shared import jobs
from tenants.shared.enums import HallState
from tenants.shared.life import deleting, renaming
from tenants.shared.models import Domain, HallCertificate, HallDeletion


@city_required(Can.HALLS)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, key: str) -> HttpResponse:
    """Take a hall's new key and host name, say at each what is wrong with it, and ask the operator for it."""
    hall = standing_hall(key)
    host = renaming.primary_host(hall, using=DEFAULT_DB_ALIAS)
    form = RenameForm(request.POST or None, initial={"key": hall.key, "host": host})
    if request.method == "POST" and form.is_valid():
        params = renaming.asked(hall, host, form.cleaned_data["key"].strip(), form.cleaned_data["host"])
        faults = renaming.faults(hall, params, using=DEFAULT_DB_ALIAS)
        for name, fault in faults.items():
            form.add_error(name, fault)
        if not faults:
            try:
                job = jobs.ask(
                    "rename",
                    key=hall.key,
                    hall=hall,
                    by=actor_of(request),
                    params=params,
                    reason=form.cleaned_data["reason"],
                    now=timezone.now(),
                )
            except jobs.Busy as busy:
                form.add_error(None, str(busy))
            else:
                return redirect("city-job", pk=job.pk)
    former = Domain.objects.filter(tenant=hall, is_primary=False).order_by("domain")
    shown = {"of": hall, "form": form, "host": host, "former": former, "job": running(hall, "rename")}
    return render(request, "portal/hall_rename.html", shown, status=422 if form.errors else 200)


@city_required(Can.HALLS)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Want a hall deleted, agree as a second person, or take it back; and how far it is."""
    hall = hall_named(key)
    wanted, actor, now = deleting.under_way(hall), actor_of(request), timezone.now()
    form = DeletionForm(request.POST if request.POST.get("do") == "ask" else None)
    problems: list[str] = []
    if request.method == "POST":
        try:
            match request.POST.get("do"):
                case "ask" if form.is_valid():
                    deleting.ask(hall, by=actor, now=now, **form.cleaned_data)
                    return redirect("city-hall-delete", key=key)
                case "approve" if wanted is not None:
                    deleting.approve(wanted, by=actor, now=now)
                    return redirect("city-hall-delete", key=key)
                case "withdraw" if wanted is not None:
                    deleting.withdraw(wanted, by=actor, now=now)
                    return redirect("city-hall-delete", key=key)
                case "approve" | "withdraw":
                    problems = [_("刚刚有人撤回了，不用再定")]
        except deleting.NotPossible as problem:
            problems = [str(problem)]
    shown = {
        "of": hall,
        "wanted": wanted,
        "is_own": wanted is not None and wanted.asked_by == actor.person_id,
        "hindered": [] if hall.state == HallState.DELETED else deleting.hindrances(hall),
        "form": form,
        "problems": problems,
        "job": running(hall, deleting.KIND),
        "certificate": HallCertificate.objects.filter(hall=hall).first(),
        "former": HallDeletion.objects.filter(hall=hall)
        .exclude(withdrawn_at=None)
        .order_by("-asked_at")[:10],
    }
    status = 409 if problems else 422 if form.errors else 200
    return render(request, "portal/hall_delete.html", shown, status=status)


@city_required(Can.SEE_HALLS)
@require_safe
def certificate(request: HttpRequest, key: str) -> HttpResponse:
    """Give what a deletion removed, as the bytes that were signed."""
    found = _certificate(key)
    return _file(found.content.encode(), f"{key}-deleted.json", "application/json")


@city_required(Can.SEE_HALLS)
@require_safe
def signature(request: HttpRequest, key: str) -> HttpResponse:
    """Give the signature of a certificate: a detached CMS, for any program that verifies one."""
    found = _certificate(key)
    return _file(base64.b64decode(found.signature), f"{key}-deleted.json.p7s", "application/pkcs7-signature")


def _certificate(key: str) -> HallCertificate:
    found = HallCertificate.objects.filter(hall=hall_named(key)).first()
    if found is None:
        raise Http404(_("这个大厅没有删除证明"))
    return found


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
