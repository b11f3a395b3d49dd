"""Two workers at once: each message leaves once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from tests.cases.hall.making import NOW
from tests.cases.hall.notices.test_sending import outbox, tell
from tests.conftest import _hall


@pytest.mark.slow
def test_two_workers_send_each_message_once(fresh_database, gateway):
    from django.db import connections

    from cases.hall.services import rounds

    for number in range(12):
        tell(f"{number}。")
    together, hall = Barrier(2), _hall("east")

    def work():
        together.wait()
        rounds.deliver(hall, now=lambda: NOW + timedelta(seconds=5))
        connections.close_all()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(gateway.texts) == sorted(f"{number}。" for number in range(12))
    assert {row.sms for row in outbox()} == {"sent"}
