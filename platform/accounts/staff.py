"""What a hall may know of its own people's accounts."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Person, SignIn


def last_sign_in(person: UUID, *, hall: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield when somebody last signed in at this hall's own door, and that the city suspended the account. Other places are not told."""
    there = SignIn.objects.filter(person_id=person, hall=hall, how="staff", succeeded=True)
    at = there.order_by("-at").values_list("at", flat=True).first()
    told = timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else _("还没有")
    yield _("最近一次在本厅登录"), told
    if not Person.objects.filter(pk=person, is_active=True).exists():
        yield _("账号"), _("市里停用了，或本人注销了")
