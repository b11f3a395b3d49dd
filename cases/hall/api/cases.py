"""One case by API: looking, and taking its steps."""

from urllib.parse import unquote

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.api.errors import Refused
from cases.hall.api.asking import answered, asker
from cases.hall.api.serializers import ActionRequest, CaseAnswer, ClocksAnswer, WholeAnswer
from cases.hall.models import Case
from cases.hall.queries import access, whole
from cases.hall.services import reading, transition
from cases.hall.transitions import ASKED_FOR, DESK
from cases.shared.models import Purpose

_NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, enum=sorted(ASKED_FOR))
_REFUSAL = OpenApiExample(
    "not accepted", {"reason": "这件事不需要许可", "competent": "县民政局"}, request_only=True
)


class CaseView(APIView):
    """GET tells a case to whoever may see it."""

    @extend_schema(operation_id="case_retrieve", responses={200: CaseAnswer})
    def get(self, request: Request, number: str) -> Response:
        """State, events, clocks line by line, and the steps that are open to the caller."""
        actor = asker(request)
        return _answer(access.case_for(actor, number), actor)


class ActionView(APIView):
    """POST takes one step of a case."""

    @extend_schema(
        operation_id="case_action",
        parameters=[_NAME],
        request=ActionRequest,
        responses={200: CaseAnswer},
        examples=[_REFUSAL],
    )
    def post(self, request: Request, number: str, name: str) -> Response:
        """Take the step. 409 when it is not open or somebody was faster, 403 when it is not this person's."""
        actor = asker(request)
        case = access.case_for(actor, number)
        given = ActionRequest(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        reason, revision = data.pop("reason"), data.pop("revision")
        with answered():
            case = transition.apply(
                case, name, by=actor, now=timezone.now(), reason=reason, data=data, seen_revision=revision
            )
        return _answer(case, actor)


class ClockView(APIView):
    """GET explains the dates of a case to whoever may see it."""

    @extend_schema(operation_id="case_clock", responses={200: ClocksAnswer})
    def get(self, request: Request, number: str) -> Response:
        """Every clock that ever started, line by line, each with its legal ground."""
        case = access.case_for(asker(request), number)
        answer = {
            "number": case.number,
            "due": case.due_on,
            "due_expected": case.is_due_expected,
            "clock": whole.clocks(case, timezone.localdate()),
        }
        return Response(ClocksAnswer(answer).data)


class ApplicantView(APIView):
    """GET tells staff the applicant's data unmasked; each look is audited."""

    @extend_schema(
        operation_id="case_applicant",
        parameters=[
            OpenApiParameter(
                "purpose", str, enum=list(Purpose.values), description="needed once it has ended"
            ),
            OpenApiParameter("X-Reason", str, OpenApiParameter.HEADER, description="words beside `other`"),
        ],
        responses={200: WholeAnswer},
    )
    def get(self, request: Request, number: str) -> Response:
        """The ID number, the phone and the personal answers, whole. Of an ended case 422 without a purpose.

        The words beside `other` come in the header `X-Reason`, percent-encoded: nothing personal belongs into an address.
        """
        actor = asker(request)
        case = access.case_for(actor, number)
        if not actor.holds(*DESK):
            raise Refused(
                _("这一页要用窗口、审批或负责人的账号看"), code="permission_denied", status_code=403
            )
        note = unquote(request.headers.get("X-Reason", ""))
        try:
            told = reading.whole(
                case, by=actor, now=timezone.now(), purpose=request.query_params.get("purpose", ""), note=note
            )
        except reading.ReasonMissing as refusal:
            raise Refused(str(refusal), code="reason_missing", status_code=422) from None
        answer = Response(WholeAnswer(told).data)
        answer["Cache-Control"] = "no-store"
        return answer


def _answer(case: Case, actor: Actor) -> Response:
    seen = whole.as_seen_by(case, actor, today=timezone.localdate())
    seen["actions"] = list(
        dict.fromkeys(step.name for step in transition.open_actions(case, actor, timezone.localdate()))
    )
    return Response(CaseAnswer(seen).data)
