"""The demo's proxies 代办员: appointed for their towns, each with the people who gave them a signed mandate."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Person
from cases.hall.services import mandates, principals, proofs, terms
from portal.city.examples import sample_page
from portal.city.reading import City

TERM, MANDATE = timedelta(days=730), timedelta(days=300)


def make(city: City, hall: str, cast: Mapping[str, Person], *, admin: Actor, now: datetime) -> int:
    """Appoint the proxies of the hall in scope and prove their mandates; return how many mandates."""
    made, today = 0, timezone.localdate(now)
    for entry in city.people:
        if entry["role"] != "proxy" or entry.get("hall") != hall:
            continue
        person = cast[entry["username"]]
        terms.appoint(person, town=entry["town"], until=today + TERM, by=admin, now=now)
        proxy = Actor.of(person, may_hold_posts=False)
        for row in entry.get("principals") or []:
            facts = principals.Facts(row["name"], str(row["id_number"]), str(row["phone"]))
            asked = mandates.ask(facts, mandates.Terms(today + MANDATE), actor=proxy, now=now)
            paper = SimpleUploadedFile("委托书.png", sample_page(), "image/png")
            proofs.by_paper(asked, paper, actor=proxy, now=now)
            made += 1
    return made
