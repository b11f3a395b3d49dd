"""The cast of the catalogue's tests: who fits items to east, and tokens for its API."""

import json

import pytest
from django.test import Client

from tests.conftest import actor
from tests.template import NOW, PERSON_ID, PORTAL


@pytest.fixture
def staff():
    """Fits items to east."""
    return actor("east_staff", ["branch_staff"])


@pytest.fixture
def second():
    """The second person of east, who publishes."""
    return actor("east_admin", ["hall_admin", "branch_staff"])


@pytest.fixture
def change_city():
    """``change_city(code, field=value)``: the city changes an item under the halls."""
    from catalog.shared.models import SharedItem
    from tenants.shared import scope

    def change(code, **fields):
        with scope.city():
            assert SharedItem.objects.filter(code=code).update(**fields) == 1

    return change


@pytest.fixture
def publish_city():
    """``publish_city(code, now, field=value)``: the city publishes a change by its two persons, lists and all."""
    from datetime import timedelta

    from catalog.shared.services import items
    from tenants.shared import scope

    def publish(code, now=NOW + timedelta(days=1), *, life=None, **fields):
        with scope.city():
            items.save(code, fields, life=life, by=actor("city_admin"), now=now)
            return items.approve(code, by=actor("inspector"), now=now)

    return publish


@pytest.fixture
def api():
    """``api("put", "east", path, body, username)`` → the response of a hall's API to somebody with a token."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Token
    from accounts.queries import digest

    def call(method, hall, path, body=None, username=None):
        headers = {"host": f"{hall}.{PORTAL}" if hall else PORTAL}
        if username:
            secret = f"{username}-{hall}"
            Token.objects.get_or_create(
                digest=digest(secret),
                defaults={
                    "person_id": PERSON_ID[username], "hall": hall, "created_at": NOW, "expires_at": timezone.now() + timedelta(hours=1)
                },
            )  # fmt: skip
            headers["authorization"] = f"Token {secret}"
        data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(headers=headers), method)(f"/api/v1/{path}", **data)

    return call
