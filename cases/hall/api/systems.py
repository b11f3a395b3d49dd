"""The address at which a department's own system tells the hall what it has done: signed, once, in order."""

import hashlib
import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import Refused
from cases.hall import signing
from cases.hall.api.serializers import TellingAnswer, TellingRequest
from cases.hall.models import Inbound, System
from cases.hall.services import inbound

MAX_BODY = 1536 * 1024
_HEADERS = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True)
    for name in (signing.ID, signing.TIMESTAMP, signing.SIGNATURE)
]


class SystemEventsView(APIView):
    """POST takes one step of a mirrored case from the system of its department."""

    authentication_classes = ()

    @extend_schema(
        operation_id="system_event",
        parameters=_HEADERS,
        request=TellingRequest,
        responses={200: TellingAnswer, 202: TellingAnswer},
    )
    def post(self, request: Request, key: str) -> Response:
        """Take it (200), keep it until the steps before it come (202), or say why not.

        401 without the right signature of the last five minutes, whatever the key; 404 for a case that is not this
        system's, 409 for one that the hall has taken back, 422 for what is wrong in it.
        """
        body = _body(request)
        now = timezone.now()
        system, message_id = _sender(request, key, body)
        digest = hashlib.sha256(body).hexdigest()
        try:
            answer = inbound.known(system, message_id, digest) or inbound.take(
                system, _told(body), message_id=message_id, digest=digest, now=now
            )
        except inbound.OtherBody:
            raise Refused(
                _("这个 webhook-id 用过了，内容不一样"), code="id_reused", status_code=422
            ) from None
        except inbound.UnknownCase:
            raise Refused(_("没有这件，或不归这个系统办"), code="not_found", status_code=404) from None
        except inbound.TakenBack:
            raise Refused(_("这件已经收回来由本厅办"), code="taken_back", status_code=409) from None
        except inbound.NotTaken as problem:
            raise Refused(str(problem), code="invalid", status_code=422, fields=problem.fields) from None
        return Response(
            TellingAnswer(answer).data, status=202 if answer["status"] == Inbound.WAITING else 200
        )


def _body(request: Request) -> bytes:
    try:
        body = request._request.body
    except RequestDataTooBig:
        body = b"x" * (MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise Refused(_("内容太大，PDF 最多 1 MB"), code="too_large", status_code=413)
    return body


def _sender(request: Request, key: str, body: bytes) -> tuple[System, str]:
    """Return who signed this, and the message's id. An unknown key and a wrong signature are one refusal."""
    system = System.objects.filter(key=key, is_active=True).first()
    # compared with something even when there is no such system: the time it takes tells nothing
    secret = system.secret if system else signing.new_secret()
    try:
        message_id = signing.verify(secret, request.headers, body, timezone.now())
    except signing.NotSigned:
        message_id = ""
    if system is None or not message_id:
        raise Refused(_("签名不对、过期了，或没有这个系统"), code="not_signed", status_code=401)
    return system, message_id


def _told(body: bytes) -> inbound.Told:
    try:
        raw: Any = json.loads(body)
    except ValueError:
        raise Refused(_("内容要是 JSON"), code="invalid", status_code=422) from None
    given = TellingRequest(data=raw if isinstance(raw, dict) else {})
    if not given.is_valid():
        raise Refused(_("有几处要改"), code="invalid", status_code=422, fields=dict(given.errors))
    return inbound.Told(**given.validated_data)
