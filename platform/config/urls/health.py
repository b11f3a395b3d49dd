"""Whether this process lives, and whether it can work: for balancers, on every host."""

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; asks nobody."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer whether each database login answers: 503 with the names of those that do not."""
    failed = [alias for alias in ("default", "gate") if not _answers(alias)]
    return JsonResponse({"ready": not failed, "failed": failed}, status=503 if failed else 200)


def _answers(alias: str) -> bool:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
