"""How often each item is applied for: what lists and searches put first among equals."""

from datetime import datetime, timedelta

from django.db.models import Count

from cases.hall.models import Case
from catalog.shared.models import Offer
from tenants.shared.models import Hall

COUNTED = timedelta(days=365)
BATCH = 500


def count(hall: Hall, *, now: datetime) -> int:
    """Write into this hall's offers how many cases of each were received in the last year; return how many changed."""
    cases = Case.objects.filter(received_at__gt=now - COUNTED, received_at__lte=now)
    counted = dict(cases.values_list("item_code").annotate(number=Count("pk")).order_by("item_code"))
    changed = []
    for offer in Offer.objects.filter(hall_id=hall.role).only("id", "code", "used").order_by("id"):
        number = counted.get(offer.code, 0)
        if offer.used != number:
            offer.used = number
            changed.append(offer)
    Offer.objects.bulk_update(changed, ["used"], batch_size=BATCH)
    return len(changed)
