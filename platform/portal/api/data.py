"""One's own data by API: what may be asked for, how far it is, the copy itself, and who read one's ID number.

A token is worth no more than a phone that was lent: what gives data away or takes it away wants a password or a code again.
"""

from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sms
from accounts.actor import Actor
from accounts.api.errors import Refused
from accounts.api.pagination import Pages
from accounts.network import client_address
from accounts.queries import applicant_of
from accounts.services import closing, codes, proof, sign_in
from accounts.services.counters import TooMany
from cases.shared.models import DataRequest, Purpose, Reading, RequestKind, RequestState
from cases.shared.queries import requests
from cases.shared.services.requests import STORAGE, ask


class ProofRequest(serializers.Serializer[Any]):
    """Who it is, again: the password, or the code that `POST me/data/code/` sent."""

    password = serializers.CharField(required=False, default="", max_length=128, trim_whitespace=False)
    code = serializers.CharField(required=False, default="", max_length=12)


class AskRequest(ProofRequest):
    """What is asked for. `erase` and `close` want the code, where the account has a phone."""

    kind = serializers.ChoiceField(choices=RequestKind.choices)


class RequestAnswer(serializers.ModelSerializer[DataRequest]):
    """How far a request is. `reached` and `away` count halls; `file_until` is set while the copy may be fetched."""

    reached = serializers.SerializerMethodField()
    away = serializers.SerializerMethodField()
    file_until = serializers.SerializerMethodField()
    removed = serializers.SerializerMethodField()
    receipt = serializers.CharField(default="", help_text="closing: the receipt's address, told once")

    class Meta:
        model = DataRequest
        fields = (
            "id", "kind", "state", "asked_at", "finished_at", "reached", "away", "size", "problem", "file_until",
            "removed", "receipt",
        )  # fmt: skip

    def get_reached(self, row: DataRequest) -> int:
        """Return how many halls are done."""
        return len(row.reached)

    def get_away(self, row: DataRequest) -> int:
        """Return how many halls could not be reached and are tried again."""
        return len(row.away)

    @extend_schema_field(OpenApiTypes.DATETIME)
    def get_file_until(self, row: DataRequest) -> Any:
        """Return until when the copy may be fetched."""
        return requests.file_until(row)

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_removed(self, row: DataRequest) -> dict[str, Any]:
        """Return what each hall removed, by the hall's key."""
        return {receipt.hall.key: receipt.lines for receipt in requests.receipts(row)}


class ReadingAnswer(serializers.ModelSerializer[Reading]):
    """That somebody read the whole ID number: where, by which post, why. `id` names the audit row."""

    hall = serializers.CharField(source="hall.key")
    purpose = serializers.ChoiceField(choices=Purpose.choices)

    class Meta:
        model = Reading
        fields = ("id", "at", "hall", "department", "posts", "purpose", "note", "case_number", "item_name")


class Requests(GenericAPIView[Any]):
    """GET tells what one has asked for, POST asks."""

    serializer_class = RequestAnswer
    pagination_class = Pages

    @extend_schema(operation_id="my_data_list", responses={200: RequestAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """Return a page of what one has asked for, the newest first."""
        page = self.paginate_queryset(requests.of_person(_asker(request).person_id))
        return self.get_paginated_response(RequestAnswer(page, many=True).data)

    @extend_schema(
        operation_id="my_data_ask",
        request=AskRequest,
        responses={201: RequestAnswer},
        examples=[
            OpenApiExample("a copy", {"kind": "export", "password": "Demo-2026"}, request_only=True),
            OpenApiExample("erasure", {"kind": "erase", "code": "123456"}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Ask. While one of the kind is being done it is that one. 403 for a wrong proof, 409 for who cannot close, 429 when it is too often."""
        actor = _asker(request)
        given = AskRequest(data=request.data)
        given.is_valid(raise_exception=True)
        kind = RequestKind(given.validated_data["kind"])
        _prove(request, actor, given.validated_data, needs_code=kind != RequestKind.EXPORT)
        if kind == RequestKind.CLOSE and (problem := closing.hindrance(_person(actor))):
            raise Refused(problem, code="not_to_close", status_code=409)
        try:
            made, key = ask(_person(actor), kind, now=timezone.now())
        except TooMany as refusal:
            raise _too_many(refusal) from None
        answer = dict(RequestAnswer(made).data)
        answer["receipt"] = f"/receipts/{key}/" if key else ""
        return Response(answer, status=201)


class RequestView(APIView):
    """GET tells how far one request is."""

    @extend_schema(operation_id="my_data_retrieve", responses={200: RequestAnswer})
    def get(self, request: Request, pk: UUID) -> Response:
        """State, halls, receipt. Somebody else's is a 404."""
        return Response(RequestAnswer(_own(_asker(request), pk)).data)


class FileView(APIView):
    """POST gives the copy."""

    @extend_schema(
        operation_id="my_data_file",
        request=ProofRequest,
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
        examples=[OpenApiExample("by password", {"password": "Demo-2026"}, request_only=True)],
    )
    def post(self, request: Request, pk: UUID) -> Any:
        """Send the zip to its owner. 404 when it is not ready, gone or somebody else's; 403 for a wrong proof."""
        actor = _asker(request)
        found = _own(actor, pk)
        given = ProofRequest(data=request.data)
        given.is_valid(raise_exception=True)
        _prove(request, actor, given.validated_data, needs_code=False)
        until = requests.file_until(found)
        if found.state != RequestState.READY or until is None or timezone.now() >= until:
            raise Http404
        try:
            stream = storages[STORAGE].open(found.path)
        except FileNotFoundError:
            raise Http404 from None
        answer = FileResponse(stream, as_attachment=True, filename="my-data.zip")
        answer["Cache-Control"] = "no-store"
        return answer


class CodeView(APIView):
    """POST sends a code to the account's own phone."""

    @extend_schema(operation_id="my_data_code", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Send it. 409 for an account without a phone, 429 when it is too often."""
        phone = applicant_of(_asker(request)).phone
        if not phone:
            raise Refused(_("您的账号没有手机号，请用密码"), code="no_phone", status_code=409)
        try:
            proof.send(phone, _given(request))
        except TooMany as refusal:
            raise _too_many(refusal) from None
        except sms.NotSent as refusal:
            raise Refused(str(refusal), code="not_sent", status_code=503) from None
        return Response(status=204)


class Readings(GenericAPIView[Any]):
    """GET tells who read one's ID number."""

    serializer_class = ReadingAnswer
    pagination_class = Pages

    @extend_schema(operation_id="my_readings_list", responses={200: ReadingAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """Return a page of readings, the latest first."""
        page = self.paginate_queryset(requests.readings(_asker(request).person_id))
        return self.get_paginated_response(ReadingAnswer(page, many=True).data)


def _asker(request: Request) -> Actor:
    actor: Actor = request._request.actor  # type: ignore[attr-defined]
    if not actor.is_authenticated:
        raise NotAuthenticated
    return actor


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotAuthenticated
    return actor.person_id


def _own(actor: Actor, pk: UUID) -> DataRequest:
    found = requests.of_person(actor.person_id).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _given(request: Request) -> proof.Given:
    return proof.Given(address=client_address(request._request), now=timezone.now())


def _prove(request: Request, actor: Actor, given: dict[str, Any], *, needs_code: bool) -> None:
    phone = applicant_of(actor).phone
    if needs_code and phone and not given["code"]:
        raise Refused(_("请先取验证码，再填上"), code="code_needed", status_code=403)
    try:
        proof.check(actor, phone, _given(request), given["password"], given["code"])
    except (sign_in.WrongPassword, codes.WrongCode, codes.CodeExpired) as refusal:
        raise Refused(str(refusal), code="not_proved", status_code=403) from None
    except TooMany as refusal:
        raise _too_many(refusal) from None


def _too_many(refusal: TooMany) -> Refused:
    problem = Refused(
        _("试得太多，%(time)s后再试") % {"time": timezone.localtime(refusal.until).strftime("%H:%M")},
        code="too_many",
        status_code=429,
    )
    # Django REST framework makes Retry-After of it
    problem.wait = max(1, round((refusal.until - timezone.now()).total_seconds()))  # type: ignore[attr-defined]
    return problem
