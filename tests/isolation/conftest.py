"""A prepared hall, for the tables of routes."""

import pytest

from tests.cases.hall.payments import making as payments
from tests.conftest import actor
from tests.isolation.world import (
    city_outage,
    city_sheet,
    export_request,
    hall_job,
    onboarding_draft,
    prepare,
    visits_of,
)
from tests.template import NOW


@pytest.fixture
def world(east, monkeypatch, settings):
    """East with its cases, all of lin, and a published look; the portal has one too."""
    from tenants.shared import queries as kept
    from tenants.shared import scope
    from theming import queries, services
    from theming.services import drafts
    from theming.tokens import Tokens

    look = Tokens(brand="#155A86", dark="#0D4163", soft="#E4F0F8", ink="#135379", accent="#7CC0DE")
    other = Tokens(brand="#7D2A5D", dark="#5B1D43", soft="#F8EAF2", ink="#7D2A5D", accent="#E39AB8")
    boss, admin = actor("city_admin"), actor("east_admin")
    with scope.city():
        services.publish(None, other, now=NOW)
        services.publish(east, look, now=NOW)
        drafts.save(None, {"accent": "#000000"}, seen="1.0", by=boss, now=NOW)
        city_draft = queries.prepared(None).hash
    # looks are read by the other connection, which does not see this test's transaction
    monkeypatch.setattr(queries, "GATE", "default")
    kept.forget()
    with scope.hall(east):
        drafts.save(east, {"accent": "#000000"}, seen="1.0", by=admin, now=NOW)
        draft = queries.prepared(east).hash
    settings.PAYMENT_PROVIDER = payments.PROVIDER
    made = prepare(east)
    # what a provider in this process answers when it is asked
    monkeypatch.setattr(payments.Pretend, "says", ("paid", 2000))
    made.look, made.city_look = look.digest(), other.digest()
    made.draft_look, made.city_draft_look = draft, city_draft
    made.city_sheet = city_sheet()
    made.hall_job = hall_job()
    made.onboarding = onboarding_draft()
    made.city_outage = city_outage()
    made.visit, made.let_in = visits_of(east)
    made.export_request = export_request("lin")
    return made
