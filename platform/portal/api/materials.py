"""我的材料 by the portal's API: one's own, and nobody else's."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from accounts.api.errors import Refused
from accounts.enums import Trust
from accounts.material_kinds import KINDS
from accounts.models import Material
from accounts.queries import materials_of
from accounts.services import materials
from cases.hall import files
from portal.views.materials import paper

_KINDS = [(kind.code, kind.label) for kind in KINDS]


class MaterialAnswer(serializers.ModelSerializer[Material]):
    """A paper that the asker keeps. `trust`: own (as it was sent), seen (compared at a window), issued (by a hall)."""

    kind = serializers.ChoiceField(choices=_KINDS)
    trust = serializers.ChoiceField(choices=Trust.choices)
    is_expired = serializers.SerializerMethodField()

    class Meta:
        model = Material
        fields = (
            "id", "kind", "label", "name", "content_type", "size", "sha256", "trust", "source", "source_number",
            "expires_on", "is_expired", "kept_at",
        )  # fmt: skip

    def get_is_expired(self, material: Material) -> bool:
        """Whether its last day has passed."""
        return materials.is_expired(material, timezone.localdate())


class MaterialRequest(serializers.Serializer[Any]):
    """A file to keep."""

    file = serializers.FileField(allow_empty_file=True, max_length=400)
    kind = serializers.ChoiceField(choices=_KINDS)
    expires_on = serializers.DateField(required=False, allow_null=True, default=None)


_EXAMPLE = OpenApiExample(
    "an identity card that a clerk compared",
    {
        "id": "2b1f5d1e-6f0a-4f7e-9a57-1a2b3c4d5e6f",
        "kind": "id_card",
        "label": "身份证",
        "name": "身份证.jpg",
        "content_type": "image/jpeg",
        "size": 182044,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "trust": "seen",
        "source": "东县政务服务大厅",
        "source_number": "349901260302000010",
        "expires_on": "2036-03-01",
        "is_expired": False,
        "kept_at": "2026-03-02T10:00:00+08:00",
    },
    response_only=True,
)


class Materials(GenericAPIView[Any]):
    """GET lists what the asker keeps, POST keeps one more."""

    serializer_class = MaterialAnswer
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="materials_list", responses={200: MaterialAnswer(many=True)}, examples=[_EXAMPLE]
    )
    def get(self, request: Request) -> Response:
        """Return a page of what the asker keeps, what was kept last first."""
        found = self.paginate_queryset(materials_of(_asker(request)))
        return self.get_paginated_response(MaterialAnswer(found, many=True).data)

    @extend_schema(
        operation_id="materials_create",
        request={"multipart/form-data": MaterialRequest},
        responses={201: MaterialAnswer},
        examples=[_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Keep a file, known by its content; the same content again is the same paper."""
        actor = _asker(request)
        given = MaterialRequest(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = given.validated_data
        try:
            seen = files.inspect(values["file"], values["file"].name or "")
            wanted = paper(seen, values["kind"], values["expires_on"])
            material = materials.keep(actor.person_id, wanted, now=timezone.now())  # type: ignore[arg-type]
        except files.NotStored as refusal:
            raise Refused(str(refusal), code="not_stored", status_code=507) from None
        except (files.FileRefused, materials.NotKept) as refusal:
            raise Refused(
                str(refusal), code="invalid", status_code=400, fields={"file": str(refusal)}
            ) from None
        return Response(MaterialAnswer(material).data, status=201)


class MaterialView(APIView):
    """DELETE removes one of the asker's own."""

    @extend_schema(operation_id="materials_destroy", request=None, responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Delete a paper; what was handed in of it stays where it was handed in."""
        if not materials.remove(_asker(request).person_id, pk):  # type: ignore[arg-type]
            raise Http404
        return Response(status=204)


def _asker(request: Request) -> Actor:
    actor = request.user if isinstance(request.user, Actor) else None
    if actor is None or not actor.is_authenticated:
        raise NotAuthenticated
    return actor
