"""「这一页有错」 by API: anybody says it, staff read the queue."""

from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import Refused
from accounts.network import client_address
from accounts.services.counters import TooMany
from catalog.hall import queries
from catalog.hall.api.asking import asker
from catalog.hall.enums import FeedbackState, Section
from catalog.hall.models import Feedback
from catalog.hall.services import feedback
from theming.formats import cn_time


class FeedbackRequest(serializers.Serializer[Feedback]):
    """The part of the guide that is wrong, and why."""

    section = serializers.ChoiceField(choices=Section.choices)
    text = serializers.CharField(max_length=300)


class FeedbackAnswer(serializers.ModelSerializer[Feedback]):
    """A feedback as its author reads it, at the address /feedback/<key>/."""

    class Meta:
        model = Feedback
        fields = ["key", "code", "item_name", "version", "section", "text", "made_at", "state", "answer"]


class FeedbackRow(serializers.ModelSerializer[Feedback]):
    """A feedback as staff read it: without who said it."""

    by = serializers.CharField(source="answered_by_name")

    class Meta:
        model = Feedback
        fields = [
            "id", "code", "item_name", "version", "section", "text", "made_at", "state", "answer", "by", "answered_at", "is_passed_on",
        ]  # fmt: skip


class FeedbackView(APIView):
    """Feedback on one guide."""

    @extend_schema(
        operation_id="feedback_create",
        request=FeedbackRequest,
        responses={201: FeedbackAnswer},
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="a UUID; the same again is the same feedback",
            )
        ],
    )
    def post(self, request: Request, code: str) -> Response:
        """Put what is wrong into the hall's queue. 422 when the key came with other words, 429 when one address says too much."""
        item = queries.effective_item(code)
        if item is None:
            raise Http404
        given = FeedbackRequest(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        said = feedback.Said(_key(request), Section(values["section"]), values["text"])
        address = client_address(request._request)
        try:
            made = feedback.submit(item, said, address=address, by=asker(request), now=timezone.now())
        except TooMany as refusal:
            again = cn_time(timezone.localtime(refusal.until))
            raise Refused(
                _("提得太多了，%(time)s后再来") % {"time": again}, code="too_many", status_code=429
            ) from None
        except feedback.Unlike as refusal:
            raise Refused(str(refusal), code="other_body", status_code=422) from None
        return Response(FeedbackAnswer(made).data, status=status.HTTP_201_CREATED)


class FeedbackQueue(ListAPIView[Feedback]):
    """What people say of this hall's guides."""

    serializer_class = FeedbackRow
    queryset = Feedback.objects.none()

    @extend_schema(
        operation_id="feedback_list",
        parameters=[
            OpenApiParameter(
                "state", str, enum=[*FeedbackState.values, "all"], description="new, when nothing is said"
            ),
            OpenApiParameter("item", str, description="an item's code"),
        ],
    )
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Return a page of the queue, for this hall's staff."""
        actor = asker(request)
        if not actor.is_authenticated:
            raise NotAuthenticated
        if not actor.is_staff_here:
            raise PermissionDenied(_("这一步要用本厅工作人员的账号做"))
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> "QuerySet[Feedback]":
        """Return what the address asks for."""
        return queries.feedback(queries.FeedbackFilters.read(self.request.query_params))


def _key(request: Request) -> UUID:
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        return uuid4()
    try:
        return UUID(given)
    except ValueError:
        raise Refused(_("Idempotency-Key 要是一个 UUID"), code="invalid", status_code=400) from None
