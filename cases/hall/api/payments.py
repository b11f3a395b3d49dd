"""Payments by API: what a case owes, where to pay it; and the address at which a provider tells of payments."""

from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.api.errors import Refused
from cases.hall import paying, signing
from cases.hall.api.asking import asker
from cases.hall.api.payment_serializers import CallBackAnswer, CallBackRequest, PaymentAnswer
from cases.hall.enums import Power
from cases.hall.models import Case
from cases.hall.queries import access, payments
from cases.hall.services.payments import settling, starting
from cases.hall.services.payments.refusals import NothingToPay, ProviderAway, WindowOnly

MAX_BODY = 16 * 1024
_OWED = OpenApiExample(
    "started",
    {
        "state": "started",
        "amount": 12000,
        "fee": "普通护照费",
        "standard": "120 元/本",
        "basis": "发改价格〔2019〕914号",
        "until": "2026-03-09",
        "until_expected": False,
        "reference": "5f0c7a1be0f24a4f8a0e6d2f9e1c3b77",
        "address": "https://pay.example.gov.cn/o/5f0c7a1b",
        "scan": "",
        "way": "",
        "paid_at": None,
        "receipt_no": "",
    },
    response_only=True,
)
_TOLD = OpenApiExample(
    "paid",
    {
        "reference": "5f0c7a1be0f24a4f8a0e6d2f9e1c3b77",
        "state": "paid",
        "amount": 12000,
        "number": "20260302000001",
    },
    request_only=True,
)
_TAKEN = OpenApiExample("taken", {"taken": "applied"}, response_only=True)
_HEADERS = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True)
    for name in (signing.ID, signing.TIMESTAMP, signing.SIGNATURE)
]


def _own(actor: Actor, number: str) -> Case:
    case = access.case_for(actor, number)
    if Power.SUBMIT not in access.powers_of(actor, case):
        raise Http404
    return case


class PaymentView(APIView):
    """GET tells the applicant what a case owes or has paid, POST starts paying it."""

    @extend_schema(operation_id="case_payment", responses={200: PaymentAnswer}, examples=[_OWED])
    def get(self, request: Request, number: str) -> Response:
        """The payment, with the number of its receipt. 404 for a case without a fee, as for somebody else's case."""
        payment = payments.latest(_own(asker(request), number))
        if payment is None:
            raise Http404
        return Response(PaymentAnswer(payment).data)

    @extend_schema(
        operation_id="case_payment_start", request=None, responses={200: PaymentAnswer}, examples=[_OWED]
    )
    def post(self, request: Request, number: str) -> Response:
        """Where to pay; asked again, the same place. 409 when nothing is owed or only the window takes it, 503 while the provider is away."""
        actor = asker(request)
        case = _own(actor, number)
        try:
            payment = starting.start(
                case,
                by=actor,
                notify_url=request.build_absolute_uri("/api/v1/payments/call-back/"),
                return_url=request.build_absolute_uri(f"/cases/{case.number}/pay/"),
                now=timezone.now(),
            )
        except NothingToPay as refusal:
            raise Refused(str(refusal), code="nothing_to_pay", status_code=409) from None
        except WindowOnly as refusal:
            raise Refused(str(refusal), code="window_only", status_code=409) from None
        except ProviderAway as refusal:
            raise Refused(str(refusal), code="provider_away", status_code=503) from None
        return Response(PaymentAnswer(payment).data)


class CallBackView(APIView):
    """POST takes what the payment provider says of a payment of this hall."""

    authentication_classes = ()

    @extend_schema(
        operation_id="payment_call_back",
        parameters=_HEADERS,
        request=CallBackRequest,
        responses={200: CallBackAnswer},
        examples=[_TOLD, _TAKEN],
    )
    def post(self, request: Request) -> Response:
        """Take it once, however often it is told. 401 without the provider's signature, 404 where no provider is set.

        Signed, it is kept whatever it says: another amount, or a payment that this hall does not know, changes nothing.
        """
        provider = paying.provider()
        if provider is None:
            raise Http404
        now = timezone.now()
        try:
            saying = provider.verify(request.headers, _body(request), now)
        except paying.Forged:
            raise Refused(_("签名不对或过期了"), code="not_signed", status_code=401) from None
        return Response({"taken": str(settling.take(provider.name, saying, now=now))})


def _body(request: Request) -> bytes:
    try:
        body: bytes = request._request.body
    except RequestDataTooBig:
        body = b"x" * (MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise Refused(_("内容太大"), code="too_large", status_code=413)
    return body
