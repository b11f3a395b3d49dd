"""消息通道: how the providers of SMS and mail answer, and a test to one's own address."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import channels
from accounts.access import actor_of, city_required
from accounts.capabilities import Can
from accounts.services import trying
from accounts.services.counters import TooMany
from accounts.views.answers import clock_time
from cases.shared.models import ChannelState
from tenants.shared.http import HostRequest


@require_safe
@city_required(Can.CONSOLE)
def index(request: HostRequest) -> HttpResponse:
    """Show each way: whether it is there, whether it works, how many messages wait."""
    states = {state.name: state for state in ChannelState.objects.all()}
    rows = [
        {"channel": channel, "is_on": channel.is_on(), "state": states.get(channel.name)}
        for channel in channels.CHANNELS
    ]
    return render(request, "cases_shared/channels.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@city_required(Can.RUN)
def test(request: HostRequest, name: str) -> HttpResponse:
    """Send a test by one way to one's own address, and show what the provider answered."""
    channel = channels.by_name(name)
    if channel is None or not channel.is_on():
        raise Http404(_("没有这个通道"))
    person = actor_of(request).person_id
    shown = {"channel": channel, "address": trying.own_address(person, channel)}
    status = 200
    if request.method == "POST":
        try:
            shown["outcome"] = trying.send(person, channel, now=timezone.now())
        except trying.NoAddress as refusal:
            status, shown["problem"] = 409, str(refusal)
        except TooMany as refusal:
            status = 429
            shown["problem"] = _("一小时最多试 %(n)d 次，%(time)s后再试") % {
                "n": trying.TESTS_AN_HOUR,
                "time": clock_time(refusal.until),
            }
    return render(request, "cases_shared/channel_test.html", shown, status=status)
