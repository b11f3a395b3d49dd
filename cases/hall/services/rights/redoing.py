"""What was erased after a backup is erased again when its hall comes back from it: the receipts say what was done since."""

from datetime import datetime, timedelta

from cases.hall.services.rights import erasing
from cases.shared.models import DataReceipt, DataRequest, RequestKind
from tenants.shared import scope
from tenants.shared.models import Hall

# an erasure has the moment at which it began: one that was under way when the backup was made may not be in it
UNDER_WAY = timedelta(minutes=1)


def again(hall: Hall, since: datetime, *, now: datetime) -> int:
    """Take this hall's step of every erasure and closing again that it has taken since; return how many. Outside any scope.

    A transaction for each; done twice it finds nothing more to do, so whoever was killed begins anew.
    """
    steps = {RequestKind.ERASE: erasing.erase, RequestKind.CLOSE: erasing.leave}
    with scope.city():
        receipts = DataReceipt.objects.filter(hall_id=hall.role, done_at__gte=since - UNDER_WAY)
        done = DataRequest.objects.filter(pk__in=receipts.values("request")).order_by("asked_at", "id")
        asked = list(done.values_list("person", "kind"))
    for person, kind in asked:
        with scope.hall(hall):
            steps[RequestKind(kind)](person, now=now)
    return len(asked)
