"""A prepared hall, for the tables of routes."""

import pytest

from tests.cases.hall.payments import making as payments
from tests.isolation.world import city_outage, city_sheet, export_request, hall_job, onboarding_draft, prepare
from tests.template import NOW


@pytest.fixture
def world(east, monkeypatch, settings):
    """East with its cases, all of lin, and a published look; the portal has one too."""
    from tenants.shared import queries as kept
    from tenants.shared import scope
    from theming import queries, services
    from theming.tokens import Tokens

    look = Tokens(brand="#155A86", dark="#0D4163", soft="#E4F0F8", ink="#135379", accent="#7CC0DE")
    with scope.city():
        hall_look, city_look = services.publish(east, look, now=NOW), services.publish(None, look, now=NOW)
    # looks are read by the other connection, which does not see this test's transaction
    monkeypatch.setattr(queries, "GATE", "default")
    kept.forget()
    settings.PAYMENT_PROVIDER = payments.PROVIDER
    made = prepare(east)
    # what a provider in this process answers when it is asked
    monkeypatch.setattr(payments.Pretend, "says", ("paid", 2000))
    made.look, made.city_look = hall_look.hash, city_look.hash
    made.city_sheet = city_sheet()
    made.hall_job = hall_job()
    made.onboarding = onboarding_draft()
    made.city_outage = city_outage()
    made.export_request = export_request("lin")
    return made
