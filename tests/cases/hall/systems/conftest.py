"""Departments' systems: of east, for its department that licenses restaurants."""

import pytest

from tests.cases.hall.systems import receiving
from tests.template import NOW


@pytest.fixture
def receiver():
    """``receiver(answer, …)``: a server that answers so; closed at the end."""
    made = []

    def make(*answers):
        made.append(receiving.Receiver(*(answers or (receiving.says(204),))))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def local(settings):
    """Webhooks may go to this machine."""
    settings.WEBHOOK_NETWORKS = receiving.LOCAL


@pytest.fixture
def declared():
    """``declared(key, url, …)``: a system in the scope that is open, for the restaurants' department."""
    from accounts.actor import NOBODY
    from cases.hall.services import systems

    def make(
        key="market", url="", *, departments=("市场监管局",), items=(), only_listens=False, is_active=True
    ):
        said = systems.Declared(
            name="市场监管许可系统",
            departments=list(departments),
            items=list(items),
            url=url,
            only_listens=only_listens,
            is_active=is_active,
        )
        return systems.declare(key, said, by=NOBODY, now=NOW)

    return make
