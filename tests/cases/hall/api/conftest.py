"""The API of a hall, as people and scripts use it."""

import json
import uuid

import pytest

from tests.cases.hall.making import upload
from tests.template import LICENCE, PERSON_ID, PORTAL


def token(username, hall="east"):
    """Return a token of this person for this hall, made as the service makes it."""
    from django.utils import timezone

    from accounts.models import Person
    from accounts.services import tokens

    made = tokens.issue(Person.objects.get(pk=PERSON_ID[username]), hall=hall, now=timezone.now())
    return made[0]


class Api:
    """A caller of one hall's API with one person's token (or nobody's)."""

    def __init__(self, username=None, hall="east"):
        from django.test import Client

        headers = {"host": f"{hall}.{PORTAL}"}
        if username:
            headers["authorization"] = f"Token {token(username, hall)}"
        self.client = Client(headers=headers)

    def get(self, path, **query):
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path, body=None, **headers):
        return self.client.post(
            f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers
        )

    def upload(self, path="files/", **given):
        return self.client.post(f"/api/v1/{path}", {"file": upload(), **given})

    def body(self, item=LICENCE, **given):
        """Return a complete application, its file uploaded."""
        return {
            "item": item,
            "answers": {"spouse": "李四"},
            "files": {"m1": [self.upload().json()["id"]]},
            "delivery": "window",
            **given,
        }

    def file(self, item=LICENCE, key=None, **given):
        """File an application and return the receipt."""
        answer = self.post("cases/", self.body(item, **given), **{"idempotency-key": key or uuid.uuid4().hex})
        assert answer.status_code == 201, answer.content
        return answer.json()

    def act(self, number, action, **given):
        return self.post(f"cases/{number}/actions/{action}/", given)


@pytest.fixture
def api():
    """``api(username, hall)``: a caller."""
    return Api
