"""Pages travel compressed: a villager's phone pays for each kilobyte."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_TEXT = ("text/", "application/json", "image/svg+xml")


class TextGZipMiddleware(GZipMiddleware):
    """Compress text alone: papers and photographs are compressed by their own formats.

    A random part of random length in each answer (Django's), and CSRF tokens that are masked anew each time,
    keep a secret's length from being guessed (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the answer, compressed when it is text and the browser takes it so."""
        if not response.headers.get("Content-Type", "").startswith(_TEXT):
            return response
        return super().process_response(request, response)
