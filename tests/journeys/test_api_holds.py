"""Every operation of both descriptions, asked by each kind of person for what nobody thought of: no answer is a 5xx.

Values that earlier answers gave (numbers, codes, keys) are put into addresses again, so that what lies behind them is
reached. The served city is real, and stays as it was left: these tests come last.
"""

from collections import defaultdict

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

# no SQL, no stopped clock: the city is another process
pytestmark = [pytest.mark.django_db(databases=[]), pytest.mark.spoils]

HALL, PORTAL = "guoyang", None
ASKERS = [
    (HALL, None),
    (HALL, "chen"),
    (HALL, "guoyang_window"),
    (HALL, "guoyang_admin"),
    (PORTAL, None),
    (PORTAL, "chen"),
    (PORTAL, "city_admin"),
]
# it ends the very token that asks
ENDS_THE_TOKEN = ("DELETE", "/api/v1/token/")
EXAMPLES = 6
_ORDER = {"GET": 0, "POST": 1, "PATCH": 2, "PUT": 2, "DELETE": 3}
_KEPT = 50


class Memory:
    """What answers said: short texts by the name they stood under."""

    def __init__(self):
        self.said = defaultdict(list)

    def listen(self, answer):
        """Keep the texts and numbers of a JSON answer."""
        if answer.headers.get("Content-Type", "").startswith("application/json") and answer.ok:
            self._keep(answer.json())

    def _keep(self, value):
        if isinstance(value, list):
            for one in value[:_KEPT]:
                self._keep(one)
        elif isinstance(value, dict):
            for name, one in value.items():
                if isinstance(one, str) and 0 < len(one) <= 40:
                    kept = self.said[name]
                    if one not in kept and len(kept) < _KEPT:
                        kept.append(one)
                else:
                    self._keep(one)

    def recall(self, name):
        """What was heard under this name; a key is called differently where it is listed and where it is asked for."""
        return self.said[name] or (self.said["id"] or self.said["key"] if name == "pk" else [])


def _headers(city, hall, username):
    if username is None:
        return {}
    address = city.hall(hall) if hall else city.portal
    answer = requests.post(
        f"{address}/api/v1/token/",
        json={"username": username, "password": city.password(username)},
        timeout=30,
    )
    return {"Authorization": f"Token {answer.json()['token']}"}


def _addressed(case, memory, draw):
    """Put what was heard before into the address, two times of three."""
    for name in list(case.path_parameters or {}):
        known = memory.recall(name)
        if known and draw(st.integers(0, 2)):
            case.path_parameters[name] = draw(st.sampled_from(known))


def _breaks(operation, headers, memory):
    """Ask an operation some times; return the answers that are 5xx."""
    broken = []

    @seed(20260301)
    @settings(
        max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(), data=st.data())
    def ask(case, data):
        _addressed(case, memory, data.draw)
        answer = requests.request(
            **case.as_transport_kwargs(headers=headers), timeout=60, allow_redirects=False
        )
        memory.listen(answer)
        if answer.status_code >= 500:
            broken.append((case.formatted_path, case.query, case.body, answer.status_code))

    ask()
    return broken


@pytest.mark.parametrize(("hall", "username"), ASKERS, ids=lambda value: value or "-")
def test_no_operation_answers_5xx(city, hall, username):
    headers = _headers(city, hall, username)
    address = city.hall(hall) if hall else city.portal
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/schema/?format=json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert operations
    memory, broken = Memory(), []
    for operation in sorted(operations, key=lambda one: (_ORDER[one.method.upper()], one.path)):
        if (operation.method.upper(), operation.path) != ENDS_THE_TOKEN:
            broken += _breaks(operation, headers, memory)
    assert broken == []
