"""Drafts by API: begun, found again on any device, filled in piece by piece. Filing is POST cases/, or the draft's own page."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import CHECK_FIELDS, Refused
from accounts.queries import applicant_of
from cases.hall import answers
from cases.hall.api.asking import answered, asker
from cases.hall.api.draft_serializers import DraftAnswer, DraftPatch, DraftRequest
from cases.hall.api.filing import company_of
from cases.hall.enums import State
from cases.hall.models import Case
from cases.hall.queries import access, bundles
from cases.hall.services import drafts, filling
from cases.hall.services.bundles import drafting
from cases.shared.models import DRAFT_KEPT_DAYS
from catalog.shared import questions

_PATCH = OpenApiExample(
    "a group of two",
    {"answers": {"has_children": True, "children": [{"child_name": "张一"}, {"child_name": "张二"}]}},
    request_only=True,
)


class DraftsView(APIView):
    """POST begins a draft, or finds the one that was begun."""

    @extend_schema(operation_id="drafts_create", request=DraftRequest, responses={200: DraftAnswer})
    def post(self, request: Request) -> Response:
        """Return this person's open draft of the item, with what is known of them filled in when it is new."""
        actor = asker(request)
        given = DraftRequest(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        with answered():
            case = drafts.start(
                values["item"],
                actor=actor,
                applicant=None if values["mandate"] else applicant_of(actor),
                company=None if values["mandate"] else company_of(actor, values["company"]),
                mandate=values["mandate"],
                now=timezone.now(),
            )
        return _answer(case)


class DraftView(APIView):
    """One draft, to its owner and to whoever acts for them."""

    @extend_schema(operation_id="drafts_retrieve", responses={200: DraftAnswer})
    def get(self, request: Request, pk: UUID) -> Response:
        """What is filled in, what is missing, what changed in the item meanwhile."""
        return _answer(_open(request, pk))

    @extend_schema(
        operation_id="drafts_update", request=DraftPatch, responses={200: DraftAnswer}, examples=[_PATCH]
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Put answers in, all or none: 400 names those that are not good. `seen` goes on with the item as it is now."""
        actor, case = asker(request), _open(request, pk)
        given = DraftPatch(data=request.data)
        given.is_valid(raise_exception=True)
        values, now = given.validated_data, timezone.now()
        with answered():
            if values["seen"]:
                _see(case, values["seen"])
                refresh = drafting.refresh if case.bundle else drafts.refresh
                refresh(case, actor=actor, now=now)
            if values["answers"]:
                case = filling.put(case, values["answers"], actor=actor, now=now)
            if values["delivery"] is not None:
                checked = answers.clean_delivery(case.item.get("delivery") or [], values["delivery"])
                if checked.errors:
                    raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=checked.errors)
                case = drafts.set_delivery(case, checked.values, actor=actor, now=now)
        return _answer(case)

    @extend_schema(operation_id="drafts_destroy", responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Throw the draft away, with the files that were given for it."""
        case = _open(request, pk)
        with answered():
            drafts.discard(case, actor=asker(request), now=timezone.now())
        return Response(status=204)


def _open(request: Request, pk: UUID) -> Case:
    case = access.draft_for(asker(request), pk)
    if case.state != State.DRAFT:
        raise Refused(str(drafts.NotADraft(case)), code="not_open", status_code=409)
    return case


def _see(case: Case, version: str) -> None:
    """Refuse a version that is not the present one: what was read is not what holds."""
    meanwhile = bundles.meanwhile(case)
    if meanwhile is not None and meanwhile.version != version:
        raise drafts.ItemChanged(list(meanwhile.changes))


def _answer(case: Case) -> Response:
    meanwhile = bundles.meanwhile(case)
    form = case.item.get("form") or []
    answer = {
        "id": case.pk,
        "item": case.item_code,
        "item_name": case.item_name,
        "version": case.item_version,
        "version_now": meanwhile.version if meanwhile else case.item_version,
        "changes": meanwhile.changes if meanwhile else [],
        "successor": meanwhile.successor.code if meanwhile and meanwhile.successor else "",
        "answers": case.answers,
        "to_check": case.to_check,
        "missing": [row["name"] for row in questions.missing(form, case.answers)],
        "delivery": case.delivery,
        "keep_until": timezone.localdate(case.updated_at) + timedelta(days=DRAFT_KEPT_DAYS),
    }
    return Response(DraftAnswer(answer).data)
