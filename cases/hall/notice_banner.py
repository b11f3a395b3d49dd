"""What staff see under the header while a provider of messages is away."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.enums import ChannelName
from cases.hall.queries import messages
from tenants.shared import scope
from theming.formats import cn_time


def channels_down() -> Iterator[str]:
    """Yield a sentence for each way that does not work: since when, and how many messages of this hall wait."""
    entered = scope.current()
    if entered is None or entered.schema == "public":
        return
    for name, since, waiting in messages.down():
        facts = {"way": ChannelName(name).label, "at": cn_time(since), "n": waiting}
        yield _("%(way)s通道自%(at)s起不通，%(n)d 条在等。通了会自己发，群众在“我的消息”里已能看到。") % facts
