"""The public projection of effective items: written with every change that it tells of, in one transaction."""

from collections.abc import Iterable

from django.db import connection

from catalog.shared import sql
from catalog.shared.enums import Status
from catalog.shared.models import Offer, SharedItem


def project_hall(role: str, codes: Iterable[str]) -> None:
    """Write this hall's offers of these codes as its effective items say. In the hall's scope; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql.project_hall(), [role, list(codes)])


def project_city(codes: Iterable[str]) -> None:
    """Write all halls' offers of these shared codes as the items now are; those not in use stay, out of sight.

    As the city, in the transaction that publishes, so that no list is behind. Two statements, whatever the number of halls.
    """
    wanted = list(codes)
    with connection.cursor() as cursor:
        cursor.execute(sql.project_city(), [wanted, wanted])
    gone = SharedItem.objects.filter(code__in=wanted).exclude(status=Status.ACTIVE).values("code")
    Offer.objects.filter(code__in=gone, is_local=False).update(is_active=False)
