"""What waits for the hall's decision by API: the queue, one decision, many in one transaction."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import Refused
from accounts.api.pagination import Pages
from catalog.hall import queries, stamps
from catalog.hall.api.asking import answered, editor, staff
from catalog.hall.models import Review
from catalog.hall.services import reviews
from catalog.hall.services.reviews import Asked
from catalog.shared.reviews import due_on, overdue_before
from tenants.shared.models import Hall

CODES: dict[type[Exception], str] = {
    reviews.NotWaiting: "not_waiting",
    reviews.ChangedMeanwhile: "changed_meanwhile",
    reviews.CannotKeep: "breaks_policy",
}
BATCH_LIMIT = 200
FILTERS = [
    OpenApiParameter("department", str),
    OpenApiParameter("code", str, description="an item's code"),
    OpenApiParameter("overdue", str, enum=["1"], description="only what should have been decided by now"),
]


class ReviewAnswer(serializers.Serializer[Any]):
    """One field that the city changed under this hall's override: three values, and what marks them."""

    code = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()
    field = serializers.CharField()
    before = serializers.JSONField(help_text="the city's value that the hall decided against")
    now = serializers.JSONField(help_text="the city's present value; null for a row that it removed")
    ours = serializers.JSONField(help_text="the hall's value")
    is_in_force = serializers.BooleanField(help_text="false where the hall's value breaks the policy now")
    since = serializers.DateTimeField()
    due_on = serializers.DateField()
    is_overdue = serializers.BooleanField()
    seen = serializers.CharField(help_text="marks these three values: send it back with the decision")


class DecisionRequest(serializers.Serializer[Any]):
    """What is decided: `value` with edit, `reason` with keep and edit."""

    decision = serializers.ChoiceField(choices=["accept", "keep", "edit"])
    value = serializers.JSONField(required=False, default=None)
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    seen = serializers.CharField(max_length=16, required=False, default=None, allow_null=True)


class DecisionAnswer(serializers.Serializer[Any]):
    """What was decided."""

    code = serializers.CharField()
    field = serializers.CharField()
    decision = serializers.CharField()


class PickedRequest(serializers.Serializer[Any]):
    """One of many that are decided together."""

    code = serializers.RegexField(queries.CODE.pattern, max_length=14)
    field = serializers.CharField(max_length=80)
    seen = serializers.CharField(max_length=16, required=False, default=None, allow_null=True)


class BatchRequest(serializers.Serializer[Any]):
    """One decision on many."""

    decision = serializers.ChoiceField(choices=["accept", "keep"])
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    reviews = serializers.ListField(child=PickedRequest(), allow_empty=False, max_length=BATCH_LIMIT)


class OutcomeAnswer(serializers.Serializer[Any]):
    """What came of one of many: `problem` is empty where it was done."""

    code = serializers.CharField()
    field = serializers.CharField()
    done = serializers.BooleanField()
    problem = serializers.CharField(help_text="not_waiting, changed_meanwhile or breaks_policy")
    detail = serializers.CharField()


class BatchAnswer(serializers.Serializer[Any]):
    """An outcome for each, in the order asked."""

    outcomes = OutcomeAnswer(many=True)


class Reviews(GenericAPIView[Any]):
    """The queue."""

    serializer_class = ReviewAnswer
    pagination_class = Pages

    @extend_schema(operation_id="reviews_list", parameters=FILTERS, responses={200: ReviewAnswer(many=True)})
    def get(self, request: Request) -> Response:
        """Return a page of what waits, the oldest first."""
        staff(request)
        hall: Hall = request._request.hall  # type: ignore[attr-defined]
        asked = request.query_params
        found = queries.reviews(
            hall,
            now=timezone.now(),
            department=asked.get("department", "").replace("\x00", ""),
            code=asked.get("code", "").replace("\x00", ""),
            is_overdue=asked.get("overdue") == "1",
        )
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response(ReviewAnswer([_said(row) for row in page], many=True).data)

    @extend_schema(operation_id="reviews_decide", request=BatchRequest, responses={200: BatchAnswer})
    def post(self, request: Request) -> Response:
        """Accept or keep many in one transaction: what cannot be decided is told, one by one, and left alone."""
        actor = editor(request)
        asked = BatchRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        picked = [Asked(one["code"], one["field"], one["seen"]) for one in given["reviews"]]
        now = timezone.now()
        with answered():
            outcomes = (
                reviews.accept_all(picked, by=actor, now=now)
                if given["decision"] == "accept"
                else reviews.keep_all(picked, reason=given["reason"], by=actor, now=now)
            )
        rows = [
            {
                "code": outcome.asked.code,
                "field": outcome.asked.field,
                "done": outcome.refusal is None,
                "problem": CODES[type(outcome.refusal)] if outcome.refusal else "",
                "detail": str(outcome.refusal or ""),
            }
            for outcome in outcomes
        ]
        return Response(BatchAnswer({"outcomes": rows}).data)


class Decision(APIView):
    """One decision."""

    @extend_schema(operation_id="review_decide", request=DecisionRequest, responses={200: DecisionAnswer})
    def post(self, request: Request, code: str, field: str) -> Response:
        """Take the city's value, keep the hall's or set another; 409 with the present values when they are not what was seen."""
        actor = editor(request)
        asked = DecisionRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        one, now, reason = Asked(code, field, given["seen"]), timezone.now(), given["reason"]
        try:
            with answered():
                if given["decision"] == "accept":
                    reviews.accept(one, by=actor, now=now)
                elif given["decision"] == "keep":
                    reviews.keep(one, reason=reason, by=actor, now=now)
                else:
                    reviews.edit(one, given["value"], reason=reason, by=actor, now=now)
        except reviews.NotWaiting as refusal:
            if not queries.is_taken(code):
                raise Http404 from None
            raise Refused(str(refusal), code="not_waiting", status_code=409) from None
        except reviews.ChangedMeanwhile as refusal:
            raise Refused(
                str(refusal), code="changed_meanwhile", status_code=409, fields=_three(refusal.review)
            ) from None
        except reviews.CannotKeep as refusal:
            raise Refused(
                str(refusal), code="breaks_policy", status_code=400, fields={"decision": str(refusal)}
            ) from None
        return Response(DecisionAnswer({"code": code, "field": field, "decision": given["decision"]}).data)


def _three(review: Review) -> dict[str, Any]:
    return {
        "before": review.base,
        "now": review.current,
        "ours": review.value,
        "seen": stamps.of_review(review),
    }


def _said(review: Review) -> dict[str, Any]:
    since = review.since or review.made_at
    return {
        "code": review.code,
        "name": getattr(review, "name", None) or "",
        "department": getattr(review, "department", None) or "",
        "field": review.field,
        "is_in_force": review.is_in_force,
        "since": since,
        "due_on": due_on(since),
        "is_overdue": since < overdue_before(timezone.now()),
        **_three(review),
    }
