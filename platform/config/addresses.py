"""What no address may carry further."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_NUL = ("%00", "\x00")


class PlainQueryMiddleware:
    """Take NUL out of the query: nobody types it, no column holds it, and each view that reads one would have to know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as if it had not been there."""
        for written in _NUL:
            if written in request.META.get("QUERY_STRING", ""):
                request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace(written, "")
        return self.get_response(request)
