"""The trail of a case and the hall's audit log by API: to be read only, and each reading is on record."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import CHECK_FIELDS, Refused
from accounts.api.pagination import Pages
from audit import services as audit
from cases.hall.api.asking import asker
from cases.hall.queries import access, trail
from cases.hall.services import reading
from cases.hall.telling import line_of
from cases.hall.telling import words as words_of
from cases.shared.api.log import FILTERS, LogLine, Narrowing, lines
from tenants.hall.enums import PostRole


class TrailLine(serializers.Serializer[Any]):
    """One line of a case's trail."""

    kind = serializers.ChoiceField(choices=list(trail.KINDS))
    at = serializers.DateTimeField()
    what = serializers.CharField()
    who = serializers.CharField(help_text="name and post; the applicant is called 申请人")
    note = serializers.CharField(allow_blank=True)
    record = serializers.UUIDField(source="record.pk", default=None, allow_null=True)
    seal = serializers.IntegerField(source="seal.number", default=None, allow_null=True)
    digest = serializers.CharField(source="seal.digest", default=None, allow_null=True)


class TrailView(GenericAPIView[Any]):
    """GET tells what was written about a case: whole to the head and the hall's administrator, its own to the applicant."""

    serializer_class = TrailLine
    pagination_class = Pages

    @extend_schema(
        operation_id="case_trail_list",
        parameters=[OpenApiParameter("kind", str, enum=list(trail.KINDS)), *FILTERS[1:]],
        responses={200: TrailLine(many=True)},
    )
    def get(self, request: Request, number: str) -> Response:
        """List a page of the trail, the oldest first."""
        actor = asker(request)
        is_reader = actor.holds(*access.TRAIL_READERS)
        case = access.filed(number) if is_reader else access.case_for(actor, number)
        if not is_reader and not access.is_owner(actor, case):
            raise Refused(
                _("这一页要用负责人或分厅管理员的账号看"), code="permission_denied", status_code=403
            )
        given = Narrowing(data=request.query_params)
        given.is_valid(raise_exception=True)
        kind = given.validated_data.pop("kind")
        if kind and kind not in trail.KINDS:
            fields = {"kind": _("没有这一类，可以是：%(names)s") % {"names": "、".join(trail.KINDS)}}
            raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=fields)
        given.validated_data.pop("number")
        asked = trail.Narrowed(kind=kind, is_applicant=not is_reader, **given.validated_data)
        page = self.paginate_queryset(trail.listed(case, asked)) or []
        found = [line_of(entry, case) for entry in trail.entries(case, page)]
        reading.trail(case, by=actor, now=timezone.now(), page=self._number())
        return self.get_paginated_response(TrailLine(found, many=True).data)

    def _number(self) -> int:
        paginator: Any = self.paginator
        return int(paginator.page.number)


class HallLogView(GenericAPIView[Any]):
    """GET lists the hall's audit log to its administrator."""

    serializer_class = LogLine
    pagination_class = Pages

    @extend_schema(operation_id="staff_audit_list", parameters=FILTERS, responses={200: LogLine(many=True)})
    def get(self, request: Request) -> Response:
        """List a page of the log, the newest first."""
        actor = asker(request)
        if not actor.holds(PostRole.HALL_ADMIN):
            raise Refused(_("这一页要用分厅管理员的账号看"), code="permission_denied", status_code=403)
        given = Narrowing(data=request.query_params)
        given.is_valid(raise_exception=True)
        page = self.paginate_queryset(given.records()) or []
        answer = LogLine(lines(page, words_of), many=True).data
        audit.record("read_audit", now=timezone.now(), actor=actor.person_id, actor_name=actor.display_name)
        return self.get_paginated_response(answer)
