"""A provider for tests of payments."""

import pytest

from tests.cases.hall.payments import making


@pytest.fixture
def provider(settings):
    """Fees are paid through a provider in this process, which says that nothing has happened yet."""
    settings.PAYMENT_PROVIDER = making.PROVIDER
    making.Pretend.says, making.Pretend.started, making.Pretend.refunds = ("waiting", 0), [], []
    return making.Pretend
