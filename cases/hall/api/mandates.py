"""Mandates by API: a proxy's roster, asking, proving, ending; `POST cases/` names one in its field `mandate`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import sms
from accounts.actor import Actor
from accounts.api.errors import CHECK_FIELDS, Refused
from accounts.api.pagination import Pages
from accounts.network import client_address
from accounts.services import codes, counters
from cases.hall.api.asking import answered, asker
from cases.hall.api.mandate_serializers import (
    AskRequest,
    CodeRequest,
    MandateAnswer,
    PaperRequest,
    PrincipalAnswer,
    SentAnswer,
)
from cases.hall.models import Mandate
from cases.hall.queries import mandates
from cases.hall.services import mandates as service
from cases.hall.services import principals, proofs

_ASKED = OpenApiExample(
    "for one item",
    {
        "name": "陶老汉",
        "id_number": "11010519491231002X",
        "phone": "13800000000",
        "item": "34013100200000",
        "powers": ["fill", "submit", "correct", "collect"],
        "until": "2026-05-31",
    },
    request_only=True,
)
_CODE = OpenApiExample("the code that the principal read out", {"code": "482913"}, request_only=True)


class PrincipalsView(APIView):
    """GET lists whom the caller acts for."""

    @extend_schema(operation_id="proxy_principals", responses={200: PrincipalAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """A page of mandates that stand or wait for their proof, with what is open under each."""
        actor, today = asker(request), timezone.localdate()
        pages = Pages()
        rows = pages.paginate_queryset(mandates.roster(actor, today), request)
        found = [
            {**_facts(row, today), "open_cases": row.open_cases, "drafts": row.drafts}  # type: ignore[attr-defined]
            for row in rows or []
        ]
        return pages.get_paginated_response(PrincipalAnswer(found, many=True).data)


class MandatesView(APIView):
    """GET lists the mandates that the caller gave; POST asks for one, as a town's proxy."""

    @extend_schema(operation_id="mandates_list", responses={200: MandateAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """A page of the caller's own mandates, the newest first."""
        pages = Pages()
        rows = pages.paginate_queryset(mandates.given_by(asker(request)), request)
        today = timezone.localdate()
        answers = MandateAnswer([_facts(row, today) for row in rows or []], many=True)
        return pages.get_paginated_response(answers.data)

    @extend_schema(
        operation_id="mandates_create", request=AskRequest, responses={201: MandateAnswer}, examples=[_ASKED]
    )
    def post(self, request: Request) -> Response:
        """Note a mandate; it allows nothing until `confirm/` or `paper/` proves it."""
        actor = asker(request)
        given = AskRequest(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        facts = principals.Facts(values["name"], values["id_number"], values["phone"])
        terms = service.Terms(values["until"], values["powers"], values["item"])
        try:
            mandate = service.ask(facts, terms, actor=actor, now=timezone.now())
        except service.NotGiven as refusal:
            raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=refusal.fields) from None
        return _answer(mandate, status=201)


class CodeView(APIView):
    """POST sends a code to the principal's phone."""

    @extend_schema(operation_id="mandate_code", request=None, responses={200: SentAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Send it; 409 where a code proves too little and the signed paper is wanted."""
        actor, now = asker(request), timezone.now()
        mandate = _mine(actor, pk)
        try:
            code = proofs.send_code(mandate, actor=actor, address=client_address(request), now=now)
        except proofs.PaperNeeded as refusal:
            raise Refused(str(refusal), code="paper_needed", status_code=409) from None
        except service.NotWaiting as refusal:
            raise Refused(str(refusal), code="not_open", status_code=409) from None
        except counters.TooMany as refusal:
            raise _too_many(refusal.until) from None
        except sms.NotSent as refusal:
            raise Refused(str(refusal), code="not_sent", status_code=503) from None
        phone = {"phone": mandate.principal.masked_phone}
        return Response(SentAnswer({**phone, "code": code} if settings.IS_DEMO else phone).data)


class ConfirmView(APIView):
    """POST puts a mandate in force by the principal's code."""

    @extend_schema(
        operation_id="mandate_confirm",
        request=CodeRequest,
        responses={200: MandateAnswer},
        examples=[_CODE],
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """The code that the principal's phone got; five tries."""
        actor = asker(request)
        mandate = _mine(actor, pk)
        given = CodeRequest(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            mandate = proofs.by_code(mandate, given.validated_data["code"], actor=actor, now=timezone.now())
        except (codes.WrongCode, codes.CodeExpired) as refusal:
            raise Refused(
                CHECK_FIELDS, code="invalid", status_code=400, fields={"code": str(refusal)}
            ) from None
        except (proofs.PaperNeeded, service.NotWaiting) as refusal:
            raise Refused(str(refusal), code="not_open", status_code=409) from None
        return _answer(mandate)


class PaperView(APIView):
    """POST puts a mandate in force by the photo of the signed paper."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="mandate_paper",
        request={"multipart/form-data": PaperRequest},
        responses={200: MandateAnswer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """JPEG, PNG or PDF by its content, 20 MiB at most."""
        actor = asker(request)
        mandate = _mine(actor, pk)
        given = PaperRequest(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            with answered():
                mandate = proofs.by_paper(
                    mandate, given.validated_data["file"], actor=actor, now=timezone.now()
                )
        except service.NotWaiting as refusal:
            raise Refused(str(refusal), code="not_open", status_code=409) from None
        return _answer(mandate)


class RevokeView(APIView):
    """POST ends a mandate at once."""

    @extend_schema(operation_id="mandate_revoke", request=None, responses={200: MandateAnswer})
    def post(self, request: Request, pk: UUID) -> Response:
        """By its principal, its proxy or the hall's admin; again changes nothing."""
        actor = asker(request)
        found = mandates.as_party(actor, pk, sees_all=actor.holds(service.ADMIN))
        if found is None:
            raise _nothing()
        return _answer(service.end(pk, actor=actor, now=timezone.now()))


def _mine(actor: Actor, pk: UUID) -> Mandate:
    found = mandates.as_proxy(actor, pk)
    if found is None:
        raise _nothing()
    return found


def _nothing() -> Refused:
    return Refused(_("没有这份委托"), code="not_found", status_code=404)


def _too_many(until: datetime) -> Refused:
    text = _("验证码取得太多，%(time)s后再取") % {"time": f"{timezone.localtime(until):%H:%M}"}
    return Refused(text, code="throttled", status_code=429)


def _answer(mandate: Mandate, status: int = 200) -> Response:
    return Response(MandateAnswer(_facts(mandate, timezone.localdate())).data, status=status)


def _facts(mandate: Mandate, today: Any) -> dict[str, Any]:
    return {
        "id": mandate.pk,
        "kind": mandate.kind,
        "state": str(mandate.standing(today)),
        "principal": mandate.principal.name,
        "principal_id_number": mandate.principal.masked_id_number,
        "proxy": mandate.proxy_name,
        "item": mandate.item_code,
        "powers": mandate.powers,
        "since": mandate.since,
        "until": mandate.until,
        "proof": mandate.proof,
    }
