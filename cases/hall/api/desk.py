"""The clerk's queues by API."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import CHECK_FIELDS, Refused
from accounts.api.pagination import Pages
from cases.hall.api.asking import asker
from cases.hall.api.serializers import CasePage, ListedCase
from cases.hall.forms.desk_filters import DeskFilters
from cases.hall.queries import desk, progress
from cases.hall.queries.narrowing import COLOURS
from cases.hall.transitions import DESK


class DeskView(APIView):
    """GET lists the cases of a queue, a page at a time."""

    @extend_schema(
        operation_id="clerk_cases_list",
        parameters=[
            OpenApiParameter("queue", str, enum=list(desk.QUEUES), default="mine"),
            OpenApiParameter("q", str, description="number, item or company"),
            OpenApiParameter("item", str, description="code of an item"),
            OpenApiParameter("department", str),
            OpenApiParameter("division", str, description="nine digits of a town or street"),
            OpenApiParameter("clock", str, enum=list(COLOURS)),
            OpenApiParameter("holder", str, description="me, nobody, or a person's UUID"),
            OpenApiParameter("from", date, description="received on this day or later"),
            OpenApiParameter("to", date, description="received on this day or before"),
            OpenApiParameter("page", int),
            OpenApiParameter("page_size", int),
        ],
        responses={200: CasePage},
    )
    def get(self, request: Request) -> Response:
        """List the cases, what is due first at the top."""
        actor = asker(request)
        if not actor.holds(*DESK):
            raise Refused(
                _("这一页要用窗口、审批或负责人的账号看"), code="permission_denied", status_code=403
            )
        asked, today = request.query_params, timezone.localdate()
        try:
            form = DeskFilters(asked)
            if not form.is_valid():
                told = {name: str(errors[0]) for name, errors in form.errors.items()}
                raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=told)
            found = desk.cases(actor, asked.get("queue") or "mine", form.filters, today=today)
        except desk.UnknownQueue:
            fields = {"queue": _("没有这个队列，可以是：%(names)s") % {"names": "、".join(desk.QUEUES)}}
            raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=fields) from None
        pages = Pages()
        page: list[Any] = pages.paginate_queryset(found, request, view=self) or []
        for case in page:
            case.tag = progress.tag(case, today)
        return pages.get_paginated_response(ListedCase(page, many=True).data)
