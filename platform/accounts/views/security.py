"""登录和安全: a person's factors, sessions and tokens, at the portal and for staff in their hall."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import demands, places
from accounts.access import actor_of, own_door, proved_anew
from accounts.models import Person
from accounts.queries import handle, sessions_of, tokens_of
from accounts.services import passwords, second_factor, sessions, tokens
from accounts.sessions import PROVED, SessionStore
from accounts.views import setting_up
from accounts.views.answers import page


def _person(request: HttpRequest) -> Person:
    return Person.objects.get(pk=actor_of(request).person_id)  # type: ignore[misc]


def _back(done: str) -> HttpResponse:
    return redirect(f"{reverse('security')}?done={done}")


@own_door
@require_http_methods(["GET", "HEAD"])
def security(request: HttpRequest) -> HttpResponse:
    """Show what proves who this is, where it is signed in, and the keys to the API."""
    person, now, names = _person(request), timezone.now(), places.hall_names()
    factors = list(person.factors.order_by("added_at"))
    context = {
        "factors": factors,
        "codes_left": person.recovery_codes.count() if factors else 0,
        "is_demanded": passwords.is_strict(person),
        "sessions": [
            (names.get(each.hall, each.hall), each)
            for each in sessions_of(person, here=setting_up.key(request), now=now)
        ],
        "tokens": [(names.get(each.hall, each.hall), each) for each in tokens_of(person, now=now)],
        "password_days": passwords.days_left(person, now=now),
        "idle_minutes": int(demands.idle_after().total_seconds() // 60),
        "done": request.GET.get("done", ""),
        "recovered": request.GET.get("recovered", ""),
    }
    return page(request, "accounts/security.html", context)


@sensitive_post_parameters("code", "passkey")
@own_door
@proved_anew(by_second=True)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, *, is_passkey: bool) -> HttpResponse:
    """Add an authenticator or a passkey; with the first come the recovery codes."""
    person = _person(request)
    way = setting_up.passkey if is_passkey else setting_up.totp
    made = way(request, person, {"is_first": False, "leave": reverse("security")})
    if isinstance(made, HttpResponse):
        return made
    # who has just proved a factor in this session need not be asked for it again
    request.session[PROVED] = timezone.now().isoformat()
    if person.recovery_codes.exists():
        return _back("added")
    codes = second_factor.new_recovery_codes(person, now=timezone.now())
    return setting_up.codes_page(request, codes, onward=reverse("security"))


@own_door
@proved_anew(by_second=True)
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes in the place of the old; a page asks first, since the old ones end."""
    person = _person(request)
    if not second_factor.exists(person.pk):
        return redirect("security")
    if request.method == "GET":
        return page(request, "accounts/recovery_ask.html")
    codes = second_factor.new_recovery_codes(person, now=timezone.now())
    return setting_up.codes_page(request, codes, onward=reverse("security"))


@own_door
@proved_anew(by_second=True)
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a factor away; another person's is one that never was."""
    try:
        is_gone = second_factor.remove(_person(request), pk, now=timezone.now())
    except second_factor.LastFactor:
        return _back("last")
    return _back("removed" if is_gone else "nothing")


@require_POST
@own_door
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session of this person, or all the others."""
    person, named = _person(request), request.POST.get("session", "")
    session: SessionStore = request.session  # type: ignore[assignment]
    if named == "others":
        sessions.end_others(person.pk, session)
        return _back("others")
    if named == handle(session.session_key or ""):
        # this one: as by the button that signs out
        sessions.end(session)
        return redirect("/")
    return _back("ended" if sessions.end_one(person.pk, named) else "nothing")


@require_POST
@own_door
def end_token(request: HttpRequest) -> HttpResponse:
    """End one key to the API."""
    is_gone = tokens.end_one(_person(request).pk, request.POST.get("token", ""))
    return _back("token" if is_gone else "nothing")


@require_http_methods(["GET", "POST"])
def left(request: HttpRequest) -> HttpResponse:
    """Say how many seconds this session may still be idle; a POST is work, a GET is not. 401 for nobody, or without an end."""
    session: SessionStore = request.session  # type: ignore[assignment]
    row = session.row
    if not session.is_work or row is None or row.seen_at is None:
        answer = JsonResponse({"left": 0}, status=401)
    else:
        # of the minute: `seen_at` may be as old as that already
        since = timezone.now() - row.seen_at
        answer = JsonResponse({"left": max(0, round((demands.idle_after() - since).total_seconds()))})
    add_never_cache_headers(answer)
    return answer
