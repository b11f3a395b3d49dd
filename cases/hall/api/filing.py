"""Applying by API: files first, then the application in one go."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.api.errors import CHECK_FIELDS, Refused
from accounts.api.serializers import RefusalAnswer
from accounts.models import Company
from accounts.queries import applicant_of, companies_of, material_of
from cases.hall.api.asking import KEY, answered, asker, key_of
from cases.hall.api.serializers import CaseRequest, FileAnswer, FileRequest, OwnFileRequest, ReceiptAnswer
from cases.hall.enums import State
from cases.hall.models import CaseFile
from cases.hall.queries import access, progress
from cases.hall.services import attachments, corrections, drafts, submit
from cases.hall.services.uploads import kept

_EXAMPLE = OpenApiExample(
    "an application",
    {
        "item": "34013100200000",
        "answers": {"spouse": "李四", "married_on": "2020-05-01"},
        "files": {"m1": ["2b1f5d1e-6f0a-4f7e-9a57-1a2b3c4d5e6f"]},
        "delivery": {"method": "window"},
    },
    request_only=True,
)
_FOR_ANOTHER = OpenApiExample(
    "for another, under a mandate",
    {**_EXAMPLE.value, "mandate": "7c9e6679-7425-40de-944b-e07fc1f90ae7"},
    request_only=True,
)
_RECEIPT = OpenApiExample(
    "a receipt",
    {"number": "349901260302000010", "query_code": "7KM4XQ", "state": "submitted", "due": "2026-03-09"},
    response_only=True,
)
_NOT_KNOWN = OpenApiExample(
    "the item wants whoever applies to be verified first",
    {
        "detail": "这件事要先实名认证：在国家政务服务平台认证，或带证件到窗口。您填过的都在",
        "code": "identity_level",
        "fields": {"identity_level": "3"},
    },
    response_only=True,
    status_codes=["403"],
)

_KEPT = OpenApiExample(
    "a kept paper", {"kept": "2b1f5d1e-6f0a-4f7e-9a57-1a2b3c4d5e6f", "material": "m1"}, request_only=True
)


class CasesView(APIView):
    """POST files an application."""

    @extend_schema(
        operation_id="cases_create",
        parameters=[KEY],
        request=CaseRequest,
        responses={201: ReceiptAnswer, 403: RefusalAnswer},
        examples=[_EXAMPLE, _FOR_ANOTHER, _RECEIPT, _NOT_KNOWN],
    )
    def post(self, request: Request) -> Response:
        """File an application. The same key and body give the same answer, another body 422."""
        actor = asker(request)
        key = key_of(request)
        values = checked(CaseRequest(data=request.data))
        with answered():
            case = submit.file_case(
                item_code=values["item"],
                raw_answers=values["answers"],
                files=values["files"],
                raw_delivery=values["delivery"],
                actor=actor,
                applicant=None if values["mandate"] else applicant_of(actor),
                company=company_of(actor, values["company"]),
                mandate=values["mandate"],
                version=values["version"],
                idempotency_key=key,
                body=dict(request.data),
                now=timezone.now(),
            )
        return Response(ReceiptAnswer(progress.receipt(case)).data, status=201)


def checked(given: CaseRequest) -> dict[str, Any]:
    """Return what an application says. Raises ValidationError, and Refused (400) where it is for two at once."""
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    if values["mandate"] and values["company"]:
        fields = {"company": _("替别人办的，不能同时替企业办")}
        raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=fields)
    return values


def company_of(actor: Actor, uscc: str) -> Company | None:
    """Return the company of this code; None for none. Raises Refused (400) where this person does not act for it."""
    if not uscc:
        return None
    for company in companies_of(actor):
        if company.uscc == uscc.strip().upper():
            return company
    raise Refused(
        CHECK_FIELDS,
        code="invalid",
        status_code=400,
        fields={"company": _("您没有登记替这家企业办事，请先登记")},
    )


class FilesView(APIView):
    """POST takes one file, before an application that will name it."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="files_create",
        request={"multipart/form-data": OwnFileRequest},
        responses={201: FileAnswer},
        examples=[_KEPT],
    )
    def post(self, request: Request) -> Response:
        """Take a file by its content, or a copy of a kept paper; the answer's id goes into `files` of an application."""
        actor = asker(request)
        values = _given(request, OwnFileRequest)
        if "kept" in values:
            return _taken(_of_kept(actor, values["kept"]))
        with answered():
            taken = drafts.add_file(
                None, material_key=values["material"], upload=values["file"], actor=actor, now=timezone.now()
            )
        return _taken(taken)


class CaseFilesView(APIView):
    """POST adds a file to a case that is not decided yet."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="case_files_create",
        request={"multipart/form-data": FileRequest},
        responses={201: FileAnswer},
    )
    def post(self, request: Request, number: str) -> Response:
        """Add a file for a material of the case's list; what was handed in before stays."""
        actor = asker(request)
        case = access.case_for(actor, number)
        if not access.is_owner(actor, case):
            raise Refused(_("材料由申请人自己传"), code="permission_denied", status_code=403)
        values = _given(request, FileRequest)
        # what a notice asks for goes into its copy and is handed in with the rest
        take = corrections.add_file if case.state == State.CORRECTION else attachments.add_later
        with answered():
            taken = take(
                case, material_key=values["material"], upload=values["file"], actor=actor, now=timezone.now()
            )
        return _taken(taken)


def _of_kept(actor: Actor, pk: UUID) -> CaseFile:
    material = material_of(actor, pk)
    if material is None:
        raise Http404
    with answered():
        return kept.wait(material, actor=actor, now=timezone.now())


def _given(request: Request, form: type[FileRequest]) -> dict[str, Any]:
    # an empty file is refused by its content, in the words of all other refusals
    given = form(data=request.data)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    return values


def _taken(taken: CaseFile) -> Response:
    return Response(FileAnswer(taken).data, status=201)
