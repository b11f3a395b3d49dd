"""Questions and complaints by API: the same services and the same reads as the pages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.api.errors import CHECK_FIELDS, Refused
from accounts.api.pagination import Pages
from cases.hall.api.asking import KEY, asker, key_of
from cases.hall.api.enquiry_serializers import (
    ActRequest,
    EnquiryAnswer,
    EnquiryPage,
    EnquiryRequest,
    ListedEnquiry,
    ListedPage,
    PublishedPage,
    PublishedSerializer,
    RateRequest,
    StaffEnquiry,
    TextRequest,
    UploadRequest,
)
from cases.hall.enquiry_enums import Kind
from cases.hall.files import FileRefused
from cases.hall.models.enquiry import Enquiry
from cases.hall.queries import answers, enquiries
from cases.hall.services.enquiries import answering, asking, handling, publishing
from cases.hall.services.enquiries.refusals import EnquiryRefused

_PAGE = (OpenApiParameter("page", int), OpenApiParameter("page_size", int))
_ASKED = OpenApiExample(
    "a question",
    {"kind": "ask", "text": "孩子在外地出生，能在这里办吗？", "item": "34202300100000", "may_publish": True},
    request_only=True,
)
_COMPLAINED = OpenApiExample(
    "a complaint",
    {"kind": "complain", "about": "staff", "who": "3 号窗口，上午", "text": "排队两小时没有人叫号。"},
    request_only=True,
)
_ANSWERED = OpenApiExample(
    "an answer",
    {
        "code": "Z349901260302000010",
        "kind": "ask",
        "about": "",
        "state": "answered",
        "item": "34202300100000",
        "item_name": "出生登记",
        "due_on": "2026-03-05",
        "is_due_expected": False,
        "take_up_by": None,
        "asked_at": "2026-03-02T10:00:00+08:00",
        "case": "",
        "text": "孩子在外地出生，能在这里办吗？",
        "who": "",
        "window": "",
        "may_publish": True,
        "hotline_number": "",
        "answer": "能。带出生医学证明和父母的身份证。",
        "answered_at": "2026-03-03T09:00:00+08:00",
        "is_solved": None,
        "files": [],
    },
    response_only=True,
)
_ANSWERING = OpenApiExample("an answer", {"text": "能。带出生医学证明和父母的身份证。"}, request_only=True)
_ROUTING = OpenApiExample("to a department", {"department": "卫健委"}, request_only=True)
_RATING = OpenApiExample("it helped", {"is_solved": True}, request_only=True)
_ADDING = OpenApiExample("some words", {"text": "孩子是在合肥出生的。"}, request_only=True)


@contextmanager
def answered() -> Iterator[None]:
    """Turn a refusal into an answer with its status, code and field."""
    try:
        yield
    except EnquiryRefused as refusal:
        fields = {refusal.field: str(refusal)} if refusal.field else {}
        raise Refused(str(refusal), code=refusal.code, status_code=refusal.status, fields=fields) from None
    except FileRefused as refusal:
        raise Refused(str(refusal), code="invalid", status_code=400, fields={"file": str(refusal)}) from None


class EnquiriesView(APIView):
    """GET lists what one asked, POST asks or complains."""

    @extend_schema(operation_id="enquiries_list", parameters=[*_PAGE], responses={200: EnquiryPage})
    def get(self, request: Request) -> Response:
        """The latest first."""
        found = Enquiry.objects.of_person(asker(request).person_id).select_related("case")
        return _paged(self, request, found.order_by("-created_at", "id"), EnquiryAnswer)

    @extend_schema(
        operation_id="enquiries_create",
        parameters=[KEY],
        request=EnquiryRequest,
        responses={201: EnquiryAnswer},
        examples=[_ASKED, _COMPLAINED, _ANSWERED],
    )
    def post(self, request: Request) -> Response:
        """Ask or complain. The same key and body give the same answer, another body 422."""
        actor = asker(request)
        key = key_of(request)
        given = EnquiryRequest(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        question = asking.Question(**{**values, "kind": Kind(values["kind"])})
        with answered():
            made = asking.submit(question, by=actor, idempotency_key=key, now=timezone.now())
        return Response(EnquiryAnswer(made).data, status=201)


class EnquiryView(APIView):
    """GET tells what one asked, and its answer."""

    @extend_schema(operation_id="enquiry_retrieve", responses={200: EnquiryAnswer}, examples=[_ANSWERED])
    def get(self, request: Request, number: str) -> Response:
        """One's own alone."""
        return Response(EnquiryAnswer(enquiries.own(asker(request), number)).data)


class EnquiryAddView(APIView):
    """POST adds to what one asked."""

    @extend_schema(
        operation_id="enquiry_add", request=TextRequest, responses={200: EnquiryAnswer}, examples=[_ADDING]
    )
    def post(self, request: Request, number: str) -> Response:
        """While it is not answered."""
        return _own(
            request, number, TextRequest, lambda found, given, **how: asking.add(found, given["text"], **how)
        )


class EnquiryFilesView(APIView):
    """POST gives a file."""

    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="enquiry_add_file", request=UploadRequest, responses={200: EnquiryAnswer})
    def post(self, request: Request, number: str) -> Response:
        """A picture or a PDF of at most 20 MB, five at most."""
        return _own(
            request,
            number,
            UploadRequest,
            lambda found, given, **how: asking.add_file(found, given["file"], **how),
        )


class EnquiryRateView(APIView):
    """POST says whether the answer helped."""

    @extend_schema(
        operation_id="enquiry_rate", request=RateRequest, responses={200: EnquiryAnswer}, examples=[_RATING]
    )
    def post(self, request: Request, number: str) -> Response:
        """Once."""
        return _own(
            request,
            number,
            RateRequest,
            lambda found, given, **how: asking.rate(found, is_solved=given["is_solved"], **how),
        )


class EnquiryReopenView(APIView):
    """POST asks once more."""

    @extend_schema(
        operation_id="enquiry_reopen", request=TextRequest, responses={200: EnquiryAnswer}, examples=[_ADDING]
    )
    def post(self, request: Request, number: str) -> Response:
        """Once, within 30 days of the answer."""
        return _own(
            request,
            number,
            TextRequest,
            lambda found, given, **how: asking.reopen(found, given["text"], **how),
        )


def _own(request: Request, number: str, wanted: Any, act: Callable[..., Any]) -> Response:
    actor = asker(request)
    found = enquiries.own(actor, number)
    given = wanted(data=request.data)
    given.is_valid(raise_exception=True)
    with answered():
        act(found, given.validated_data, by=actor, now=timezone.now())
    return Response(EnquiryAnswer(enquiries.own(actor, number)).data)


def _paged(view: APIView, request: Request, found: Any, row: Any) -> Response:
    pages = Pages()
    page: list[Any] = pages.paginate_queryset(found, request, view=view) or []
    return pages.get_paginated_response(row(page, many=True).data)


def _clerk(request: Request) -> tuple[Actor, date]:
    actor = asker(request)
    if not actor.is_staff_here:
        raise Refused(_("这一页要用本厅工作人员的账号看"), code="permission_denied", status_code=403)
    return actor, timezone.localdate()


class ClerkEnquiriesView(APIView):
    """GET lists a queue of the desk."""

    @extend_schema(
        operation_id="clerk_enquiries_list",
        parameters=[OpenApiParameter("queue", str, enum=list(enquiries.QUEUES), default="new"), *_PAGE],
        responses={200: ListedPage},
    )
    def get(self, request: Request) -> Response:
        """What is due first first; a complaint about whoever asks is in none."""
        actor, today = _clerk(request)
        name = request.query_params.get("queue") or "new"
        if name not in enquiries.QUEUES:
            told = {"queue": _("没有这个队列，可以是：%(names)s") % {"names": "、".join(enquiries.QUEUES)}}
            raise Refused(CHECK_FIELDS, code="invalid", status_code=400, fields=told)
        return _paged(self, request, enquiries.queue(actor, name, today), ListedEnquiry)


class ClerkEnquiryView(APIView):
    """GET tells one of the desk."""

    @extend_schema(operation_id="clerk_enquiry_retrieve", responses={200: StaffEnquiry})
    def get(self, request: Request, number: str) -> Response:
        """404 for what is none of this person's work, and for a complaint about them."""
        actor, today = _clerk(request)
        return Response(StaffEnquiry(enquiries.one_for_staff(actor, number, today)).data)


_RUN: dict[str, Callable[..., Any]] = {
    "take": lambda found, _given, **how: handling.take(found, **how),
    "release": lambda found, _given, **how: handling.release(found, **how),
    "assign": lambda found, given, **how: handling.assign(found, given["to"], **how),
    "route": lambda found, given, **how: handling.route(found, given["department"], **how),
    "name_party": lambda found, given, **how: handling.name_party(found, given["to"], **how),
    "note": lambda found, given, **how: handling.note(found, given["text"], **how),
    "draft": lambda found, given, **how: handling.keep_draft(found, given["text"], **how),
    "answer": lambda found, given, **how: answering.answer(found, given["text"], **how),
    "extend": lambda found, given, **how: handling.extend(found, given["text"], **how),
    "publish": lambda found, given, **how: publishing.publish(
        found, given["question"], given["answer"], **how
    ),
    "withdraw": lambda found, given, **how: publishing.withdraw(found, given["text"], **how),
}


class ClerkEnquiryActView(APIView):
    """POST does one thing at the desk."""

    @extend_schema(
        operation_id="clerk_enquiry_act",
        parameters=[OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(_RUN))],
        request=ActRequest,
        responses={204: None},
        examples=[_ANSWERING, _ROUTING],
    )
    def post(self, request: Request, number: str, name: str) -> Response:
        """404 as for reading; 409 when a colleague was faster."""
        actor, today = _clerk(request)
        found = enquiries.one_for_staff(actor, number, today)
        if name not in _RUN:
            raise Refused(_("没有这一步"), code="not_found", status_code=404)
        given = ActRequest(data=request.data)
        given.is_valid(raise_exception=True)
        with answered():
            _RUN[name](found, given.validated_data, by=actor, now=timezone.now())
        return Response(status=204)


class AnswersView(APIView):
    """GET lists the published questions and answers."""

    @extend_schema(
        operation_id="answers_list",
        parameters=[OpenApiParameter("q", str), OpenApiParameter("item", str), *_PAGE],
        responses={200: PublishedPage},
    )
    def get(self, request: Request) -> Response:
        """Everybody may read them; no sign-in is needed."""
        asked = {name: request.query_params.get(name, "")[:60] for name in ("q", "item")}
        return _paged(self, request, answers.published(**asked), PublishedSerializer)
