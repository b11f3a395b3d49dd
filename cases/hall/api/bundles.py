"""一件事 by API: what several items want together, filing them at once, and how far they are."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.queries import applicant_of
from cases.hall.api.asking import KEY, answered, asker, key_of
from cases.hall.api.filing import checked, company_of
from cases.hall.api.serializers import CaseRequest, TagAnswer
from cases.hall.enums import State
from cases.hall.models import Case, ParentCase
from cases.hall.queries import bundles
from cases.hall.services.bundles import drafting, filing, following
from catalog.hall.api.serializers import ItemForm, item_form
from catalog.hall.models import EffectiveItem
from catalog.shared.models import Bundle
from catalog.shared.queries import bundle as bundle_of

MOST_PARTS = 20
_CODES = ["34202300100000", "34202300200000"]
_PARTS = OpenApiParameter(
    "part",
    str,
    many=True,
    description="codes of the items that are wanted; none: all that can be applied for here",
)
_APPLICATION = OpenApiExample(
    "an application for two items",
    {
        "parts": _CODES,
        "answers": {"child_name": "小宝", "note-34202300100000": "双胞胎"},
        "files": {"m1": ["2b1f5d1e-6f0a-4f7e-9a57-1a2b3c4d5e6f"]},
        "delivery": {"method": "ems", "address": "示例县示例镇示例村 1 号"},
    },
    request_only=True,
)
_RECEIPT = OpenApiExample(
    "a receipt of all",
    {
        "number": "349901260302000010",
        "query_code": "7KM4XQ",
        "name": "新生儿出生一件事",
        "received_at": "2026-03-02T10:00:00+08:00",
        "children": [
            {"number": "349901260302000029", "item": _CODES[0], "item_name": "出生登记", "due": "2026-03-09"},
            {
                "number": "349901260302000037",
                "item": _CODES[1],
                "item_name": "出生医学证明",
                "due": "2026-03-09",
            },
        ],
    },
    response_only=True,
)


class Part(serializers.Serializer[Any]):
    """One item of the whole."""

    code = serializers.CharField()
    name = serializers.CharField()
    department = serializers.CharField()


class BundleForm(ItemForm):
    """What an application for these items must say and bring: nothing is asked twice."""

    parts = Part(many=True)


class BundleRequest(CaseRequest):
    """An application for several items of a bundle in one go; `GET bundles/<key>/form/` says what it wants."""

    item = None  # type: ignore[assignment]
    parts = serializers.ListField(
        child=serializers.RegexField(
            r"^\d{14}$", error_messages={"invalid": gettext_lazy("事项编码是 14 位数字")}
        ),
        max_length=MOST_PARTS,
        help_text="the codes of the items, two at least",
    )


class FiledChild(serializers.Serializer[Any]):
    """One case of a receipt."""

    number = serializers.CharField()
    item = serializers.CharField(source="item_code")
    item_name = serializers.CharField()
    due = serializers.DateField(source="due_on", allow_null=True, help_text="of its running clock")


class WholeReceipt(serializers.Serializer[Any]):
    """收件凭证 of all that was filed together."""

    number = serializers.CharField()
    query_code = serializers.CharField()
    name = serializers.CharField()
    received_at = serializers.DateTimeField()
    children = FiledChild(many=True)


class WholeChild(FiledChild):
    """One case of a parent, as its applicant sees it."""

    department = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    headline = serializers.CharField()
    turn = serializers.CharField()
    due_expected = serializers.BooleanField()
    tag = TagAnswer(allow_null=True)
    waits_for = serializers.ListField(
        child=serializers.CharField(), help_text="names of items that come first"
    )
    has_result = serializers.BooleanField(help_text="a paper of its decision can be fetched")


class WholeAnswer(serializers.Serializer[Any]):
    """How far everything is that was filed together. It has no clock of its own: each child has its own."""

    number = serializers.CharField()
    query_code = serializers.CharField()
    bundle = serializers.CharField()
    name = serializers.CharField()
    received_at = serializers.DateTimeField()
    summary = serializers.CharField(help_text="in one sentence how far, and whose turn it is")
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    children = WholeChild(many=True)


class BundleFormView(APIView):
    """GET tells what an application for items of a bundle wants."""

    @extend_schema(operation_id="bundles_form", parameters=[_PARTS], responses={200: BundleForm})
    def get(self, request: Request, key: str) -> Response:
        """Return the questions, materials and ways of delivery of these items together, from their values in force."""
        bundle = _bundle(key)
        wanted = request.query_params.getlist("part") or [item.code for item in bundles.applicable(bundle)]
        with answered():
            found = drafting.of_bundle(bundle, wanted)
        whole = bundles.whole(bundle, found)
        asked = item_form(
            EffectiveItem(form=whole["form"], materials=whole["materials"], delivery=whole["delivery"])
        )
        return Response({**asked, "parts": Part(whole["parts"], many=True).data})


class BundleCasesView(APIView):
    """POST files several items of a bundle at once."""

    @extend_schema(
        operation_id="bundles_file",
        parameters=[KEY],
        request=BundleRequest,
        responses={201: WholeReceipt},
        examples=[_APPLICATION, _RECEIPT],
    )
    def post(self, request: Request, key: str) -> Response:
        """File one application for these items: a parent and a case for each. The same key and body give the same answer."""
        actor = asker(request)
        bundle = _bundle(key)
        idempotency_key = key_of(request)
        values = checked(BundleRequest(data=request.data))
        with answered():
            parent = filing.file_whole(
                key=bundle.key,
                codes=values["parts"],
                raw_answers=values["answers"],
                files=values["files"],
                raw_delivery=values["delivery"],
                actor=actor,
                applicant=None if values["mandate"] else applicant_of(actor),
                company=company_of(actor, values["company"]),
                mandate=values["mandate"],
                idempotency_key=idempotency_key,
                body={"bundle": bundle.key, "body": request.data},
                now=timezone.now(),
            )
        children = list(parent.children.order_by("number"))
        return Response(WholeReceipt(_receipt(parent, children)).data, status=201)


class WholeView(APIView):
    """GET tells how far everything is that was filed together, to its applicant or who acts for them."""

    @extend_schema(operation_id="parent_cases_retrieve", responses={200: WholeAnswer})
    def get(self, request: Request, number: str) -> Response:
        """State, dates and whose turn of each child; a clerk finds the children at the desk instead."""
        return _answer(asker(request), number)


class WholeWithdrawView(APIView):
    """POST withdraws every child that may still be withdrawn."""

    @extend_schema(operation_id="parent_cases_withdraw", request=None, responses={200: WholeAnswer})
    def post(self, request: Request, number: str) -> Response:
        """Withdraw what is not decided; 409 when nothing is left to withdraw."""
        actor = asker(request)
        parent, _cases = bundles.parent_for(actor, number)
        with answered():
            following.withdraw(parent, actor=actor, now=timezone.now())
        return _answer(actor, number)


def _bundle(key: str) -> Bundle:
    found = bundle_of(key)
    if found is None:
        raise Http404
    return found


def _receipt(parent: ParentCase, children: list[Case]) -> dict[str, Any]:
    return {
        "number": parent.number,
        "query_code": children[0].query_code,
        "name": parent.name,
        "received_at": parent.received_at,
        "children": children,
    }


def _answer(actor: Actor, number: str) -> Response:
    parent, cases = bundles.parent_for(actor, number)
    found = bundles.standing(parent, cases, timezone.localdate())
    children = [
        {
            **{name: getattr(child.case, name) for name in ("number", "item_code", "item_name", "due_on")},
            "department": child.case.department,
            "state": child.case.state,
            "label": child.label,
            "headline": child.headline,
            "turn": child.case.turn,
            "due_expected": child.case.is_due_expected,
            "tag": child.tag,
            "waits_for": child.waits_for,
            "has_result": child.decision is not None,
        }
        for child in found
    ]
    told = {
        **_receipt(parent, cases),
        "bundle": parent.bundle,
        "summary": bundles.summary(found),
        "done": sum(child.is_done for child in found),
        "total": len(found),
        "children": children,
    }
    return Response(WholeAnswer(told).data)
