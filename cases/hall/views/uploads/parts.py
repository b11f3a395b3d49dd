"""A file in parts, for the script of the upload page: begin, send each part where the last ended, finish.

Answers are JSON. What is refused has `problem`, a sentence for the applicant; 409 has `offset`, where to go on from.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.hall.files import FileRefused, NotStored
from cases.hall.models import Case, Upload
from cases.hall.services.uploads import parts
from cases.hall.views.asking import of_draft
from cases.hall.views.uploads import keeping
from tenants.shared.http import HallRequest

OFFSET = "Upload-Offset"


def _answered(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Turn what the services refuse into JSON."""

    @wraps(view)
    def guarded(request: HallRequest, case: Case, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, case, **kwargs)
        except Upload.DoesNotExist:
            raise Http404 from None
        except parts.OutOfPlace as refusal:
            return JsonResponse({"problem": str(refusal), "offset": refusal.received}, status=409)
        except FileRefused as refusal:
            status = 507 if isinstance(refusal, NotStored) else 422
            return JsonResponse({"problem": str(refusal)}, status=status)

    return guarded


@require_POST
@of_draft
@_answered
def begin(request: HallRequest, case: Case, key: str) -> HttpResponse:
    """Begin a file of `size` bytes called `name`: 201 with the address of its parts."""
    upload = parts.begin(
        case,
        material_key=key,
        name=request.POST.get("name", ""),
        size=_number(request.POST.get("size", "")),
        actor=request.actor,
        now=timezone.now(),
    )
    address = reverse("draft-upload", args=[case.pk, upload.pk])
    return JsonResponse({"url": address, "offset": 0, "part": parts.PART_BYTES}, status=201)


@require_http_methods(["GET", "PUT"])
@of_draft
@_answered
def one(request: HallRequest, case: Case, upload_pk: UUID) -> HttpResponse:
    """Say how much is here, or take the part that begins at Upload-Offset. A part that was cut off is not taken."""
    if request.method == "GET":
        upload = Upload.objects.get(pk=upload_pk, case=case)
        return JsonResponse({"offset": upload.received, "size": upload.size})
    content = request.body
    if len(content) != _number(request.headers.get("Content-Length", "")):
        return JsonResponse({"problem": _("这一段没传完，请从断的地方接着传")}, status=400)
    upload = parts.add(
        case,
        upload_pk,
        offset=_number(request.headers.get(OFFSET, "")),
        content=content,
        actor=request.actor,
        now=timezone.now(),
    )
    return JsonResponse({"offset": upload.received, "size": upload.size})


@require_POST
@of_draft
@_answered
def finish(request: HallRequest, case: Case, upload_pk: UUID) -> HttpResponse:
    """Take the whole as a file of the draft; `next` is the page that shows it."""
    taken = parts.finish(case, upload_pk, actor=request.actor, now=timezone.now())
    is_wanted = request.POST.get("keep") and keeping.may(request, case)
    return JsonResponse({"next": keeping.after(request, case, taken, is_wanted=is_wanted)})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
