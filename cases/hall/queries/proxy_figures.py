"""How a hall's proxies keep their targets, and what of their work looks unusual: each one query, counted in SQL."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractHour, TruncDate

from cases.hall.models import Case, Event, Mandate, Principal, ProxyTerm

# DOMAIN section 6: papers → submitted within 1 day, result carried home within 2, here in hours of the clock
SUBMITTED_WITHIN, CARRIED_WITHIN = timedelta(days=1), timedelta(days=2)
LOOK_BACK = timedelta(days=90)
# what is worth a look, no proof of anything
MANY_A_DAY, MANY_ON_A_PHONE, NIGHT_FROM, NIGHT_TO, NIGHTLY = 10, 3, 22, 6, 3


def targets(now: datetime) -> QuerySet[Case, Any]:
    """Return by proxy: `filed`, how many `in_time`, how long it took `mean`; `carried` home, how many `carried_in_time`.

    Filed in time: within a day of taking the papers (when the draft began). Carried: handed to the proxy, then delivered
    against a signed receipt.
    """
    took = ExpressionWrapper(F("received_at") - F("created_at"), output_field=DurationField())
    handed = Event.objects.filter(case=OuterRef("pk"), action="hand_over", data__method="proxy").order_by(
        "-sequence"
    )
    home = Event.objects.filter(case=OuterRef("pk"), action="deliver").order_by("-sequence")
    cases = Case.objects.filter(proxy__isnull=False, received_at__gte=now - LOOK_BACK).annotate(
        took=took, handed_at=Subquery(handed.values("at")[:1]), home_at=Subquery(home.values("at")[:1])
    )
    carried = Q(handed_at__isnull=False, home_at__isnull=False)
    return (
        cases.values("proxy")
        .annotate(
            filed=Count("pk"),
            in_time=Count("pk", filter=Q(took__lte=SUBMITTED_WITHIN)),
            mean=Avg("took"),
            carried=Count("pk", filter=carried),
            carried_in_time=Count("pk", filter=carried & Q(home_at__lte=F("handed_at") + CARRIED_WITHIN)),
            waiting=Count("pk", filter=Q(handed_at__lt=now - CARRIED_WITHIN, home_at=None)),
        )
        .order_by("proxy")
    )


def many_in_a_day(now: datetime) -> QuerySet[Mandate, Any]:
    """Return days on which one proxy got mandates of many people: `proxy_name`, `day`, `number`."""
    found = Mandate.objects.filter(kind="proxy", confirmed_at__gte=now - LOOK_BACK)
    days = found.annotate(day=TruncDate("confirmed_at")).values("proxy", "proxy_name", "day")
    counted = days.annotate(number=Count("principal", distinct=True)).filter(number__gte=MANY_A_DAY)
    return counted.order_by("-day", "proxy_name")


def phones_of_many(now: datetime) -> QuerySet[Principal, Any]:
    """Return phones that several people gave, without saying them: `number` of people, `proxies` who named them."""
    shared = Principal.objects.exclude(phone_index="").values("phone_index")
    counted = shared.annotate(
        number=Count("pk", distinct=True), proxies=Count("mandates__proxy", distinct=True)
    ).filter(number__gte=MANY_ON_A_PHONE)
    return counted.order_by("-number", "phone_index")


def own_phones() -> QuerySet[Mandate]:
    """Return mandates whose principal gave the proxy's own phone: themselves, a relative, or nobody."""
    own = ProxyTerm.objects.filter(person=OuterRef("proxy")).exclude(phone_index="").values("phone_index")[:1]
    found = Mandate.objects.select_related("principal").filter(kind="proxy", ended_at=None)
    return found.filter(principal__phone_index=Subquery(own)).order_by("-created_at", "id")


def at_night(now: datetime) -> QuerySet[Event, Any]:
    """Return who acted for others at night, several times: `actor_name`, `number`."""
    acts = Event.objects.filter(mandate__kind="proxy", at__gte=now - LOOK_BACK).annotate(
        hour=ExtractHour("at")
    )
    night = acts.filter(Q(hour__gte=NIGHT_FROM) | Q(hour__lt=NIGHT_TO))
    counted = night.values("actor", "actor_name").annotate(number=Count("pk")).filter(number__gte=NIGHTLY)
    return counted.order_by("-number", "actor_name")
