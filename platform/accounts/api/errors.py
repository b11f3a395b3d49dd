"""Every error of the API has one shape: {"detail", "code", "fields": {…}}."""

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

CHECK_FIELDS = "有几处要改"


class Refused(exceptions.APIException):
    """A refusal with its own HTTP status, code and fields."""

    def __init__(
        self, detail: str, *, code: str, status_code: int, fields: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status_code
        self.fields = fields or {}


def answer(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an exception, in the one shape; None for a fault of ours, which is a 500."""
    if isinstance(problem, DjangoValidationError):
        problem = exceptions.ValidationError(
            problem.message_dict if hasattr(problem, "error_dict") else {"non_field_errors": problem.messages}
        )
    response = exception_handler(problem, context)
    if response is None:
        return None
    if isinstance(problem, exceptions.ValidationError):
        fields = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
        response.data = {"detail": CHECK_FIELDS, "code": "invalid", "fields": fields}
        response.status_code = status.HTTP_400_BAD_REQUEST
    else:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        code = getattr(detail, "code", None) or getattr(problem, "default_code", "error")
        response.data = {"detail": str(detail), "code": code, "fields": getattr(problem, "fields", {})}
    return response
