"""The hall's stylesheet and pictures, and the reader's choice of large letters or high contrast."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from theming import queries
from theming.display import COOKIE, COOKIE_SECONDS, switched
from theming.services import files

FOR_EVER = "public, max-age=31536000, immutable"
CONTENT_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml"}


@require_safe
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve a look that this host published; its name is its content's digest, so it may be kept for ever."""
    css = queries.stylesheet(getattr(request, "hall", None), digest)
    if css is None:
        raise Http404
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER
    return response


@require_safe
def picture(request: HttpRequest, digest: str, kind: str) -> HttpResponse:
    """Serve a picture of this host's look, made by us and named by its content; one that is lost is a 404, and pages do without."""
    row = queries.file_of(getattr(request, "hall", None), digest)
    content = files.read(row) if row is not None and row.kind == kind else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    response["Cache-Control"] = FOR_EVER
    response["X-Content-Type-Options"] = "nosniff"
    # opened by itself a drawing is a page: it may do nothing there
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


# a forged switch changes letters and colours, no more; so a page for a stranger needs no token and sets no cookie
@csrf_exempt
@require_POST
def set_display(request: HttpRequest) -> HttpResponse:
    """Switch one of `elder` (长辈版) and `hc` (高对比) on or off, keep it for a year, go back to a page of this host."""
    target = request.POST.get("next", "/")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = switched(request.COOKIES.get(COOKIE, ""), request.POST.get("switch", ""))
    response.set_cookie(
        COOKIE, chosen, max_age=COOKIE_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response
