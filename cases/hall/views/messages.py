"""发给群众的消息: what waits and what left by no way. Staff see that much, not the words and not the number."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import post_required
from cases.hall.models import Outbox
from cases.hall.queries import messages
from cases.hall.services.notices import again
from catalog.hall.views.paging import page_of
from tenants.shared.http import HallRequest


@require_safe
@post_required()
def index(request: HallRequest) -> HttpResponse:
    """Show a page of what failed, or of what waits."""
    state = messages.WAITING if request.GET.get("show") == messages.WAITING else messages.FAILED
    return _page(request, state, "")


def _page(request: HallRequest, state: str, problem: str) -> HttpResponse:
    page = page_of(request, messages.listed(state))
    shown = {
        "page": page,
        "rows": [messages.row_of(message) for message in page.object_list],
        "is_waiting": state == messages.WAITING,
        "problem": problem,
        "is_sent": request.GET.get("done") == "again",
    }
    return render(request, "cases_hall/messages.html", shown, status=409 if problem else 200)


@require_POST
@post_required()
def send_again(request: HallRequest, pk: UUID) -> HttpResponse:
    """Have a failed message sent again: as it was, or to the phone in the case file."""
    to_case_phone = request.POST.get("to") == "case"
    try:
        again.send(pk, to_case_phone=to_case_phone, by=request.actor, now=timezone.now())
    except Outbox.DoesNotExist:
        raise Http404(_("没有这条消息")) from None
    except (again.NotFailed, again.NoPhone) as refusal:
        return _page(request, messages.FAILED, str(refusal))
    return redirect(f"{reverse('staff-messages')}?done=again")
