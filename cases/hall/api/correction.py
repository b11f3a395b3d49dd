"""Answering a correction notice by API: the copy, read and written; files go to `files/`, the hand-in is an action."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import CHECK_FIELDS, Refused
from cases.hall.api.asking import answered, asker
from cases.hall.api.serializers import CorrectionAnswer, CorrectionRequestBody
from cases.hall.models import Case
from cases.hall.queries import access
from cases.hall.services import corrections

_POINT = ("kind", "key", "label", "verdict", "reason", "where")


class CorrectionView(APIView):
    """GET tells what must be mended and what the copy holds; PUT writes answers into the copy."""

    @extend_schema(operation_id="case_correction", responses={200: CorrectionAnswer})
    def get(self, request: Request, number: str) -> Response:
        """The points with what is answered so far. 404 when nothing is asked."""
        return _answer(_own(request, number))

    @extend_schema(
        operation_id="case_correction_update",
        request=CorrectionRequestBody,
        responses={200: CorrectionAnswer},
    )
    def put(self, request: Request, number: str) -> Response:
        """Keep answers in the copy: those that are good, all at once or one by one. 400 names the others."""
        case = _own(request, number)
        given = CorrectionRequestBody(data=request.data)
        given.is_valid(raise_exception=True)
        with answered():
            errors = corrections.save_answers(
                case, given.validated_data["answers"], actor=asker(request), now=timezone.now()
            )
        if errors:
            raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=errors)
        return _answer(case)


def _own(request: Request, number: str) -> Case:
    actor = asker(request)
    case = access.case_for(actor, number)
    if not access.is_owner(actor, case):
        raise Refused(_("材料由申请人自己补"), code="permission_denied", status_code=403)
    return case


def _answer(case: Case) -> Response:
    notice = corrections.current(case)
    if notice is None:
        raise Refused(_("这件现在不用补材料"), code="not_found", status_code=404)
    missing = {point.pk for point in corrections.open_points(notice)}
    points = [
        {**{name: getattr(point, name) for name in _POINT}, "is_ready": point.pk not in missing}
        for point in notice.points.order_by("position")
    ]
    answer = {
        "number": case.number,
        "due": case.due_on,
        "points": points,
        "answers": notice.answers,
        "files": list(corrections.unsent_files(notice).order_by("uploaded_at", "id")),
    }
    return Response(CorrectionAnswer(answer).data)
