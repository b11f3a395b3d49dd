"""What stands under the header of every page while something stands still."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cases.shared.queries import outages as reads
from theming.formats import cn_time


def outages() -> Iterator[str]:
    """Yield a sentence for each outage that runs now: what does not work, and until when if that is known."""
    for told in reads.now_here():
        if told.ends_at is None:
            yield _("%(what)s。恢复了会在这里告诉您。") % {"what": told.what.rstrip("。")}
        else:
            facts = {"what": told.what.rstrip("。"), "at": cn_time(told.ends_at)}
            yield _("%(what)s。预计%(at)s恢复。") % facts
