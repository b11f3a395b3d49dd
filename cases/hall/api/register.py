"""许可公示 by API: the licences that a hall granted, for anybody (行政许可法 40)."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cases.hall.queries import register
from cases.shared.models import PaperState, Verification

FILTERS = [
    OpenApiParameter("q", str, description="words in number, item or holder"),
    OpenApiParameter("item", str, description="an item's code"),
    OpenApiParameter("state", str, enum=PaperState.values),
    OpenApiParameter("year", int, description="the year of the decision"),
]


class RegisteredPermit(serializers.ModelSerializer[Verification]):
    """A licence as the law makes it public: a person is masked, a company is not."""

    item = serializers.CharField(source="item_code")
    holder = serializers.CharField(source="holder_masked")
    state = serializers.SerializerMethodField()

    class Meta:
        model = Verification
        fields = [
            "document_no",
            "item",
            "item_name",
            "holder",
            "issued_on",
            "valid_until",
            "state",
            "replaced_by",
        ]

    @extend_schema_field({"type": "string", "enum": PaperState.values})
    def get_state(self, row: Verification) -> str:
        """Return what it is worth today."""
        return row.state_on(timezone.localdate())


class RegisterView(GenericAPIView[Verification]):
    """The licences that this hall granted."""

    serializer_class = RegisteredPermit

    @extend_schema(
        operation_id="register_list", parameters=FILTERS, responses={200: RegisteredPermit(many=True)}
    )
    def get(self, request: Request) -> Response:
        """Return a page of licences, the newest first."""
        filters = register.Filters.read(request.query_params)
        page = self.paginate_queryset(register.granted(filters, timezone.localdate()))
        response = self.get_paginated_response(RegisteredPermit(page or [], many=True).data)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
