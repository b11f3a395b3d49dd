"""What people ask for with their own data, done by the worker."""

import io
import json
import zipfile
from datetime import timedelta

import pytest

from tests.template import NOW, PERSON_ID


class Killed(BaseException):
    """The worker is gone in the middle."""


@pytest.fixture
def sent(monkeypatch):
    """The messages that the gateway got."""
    from accounts import sms

    got = []
    monkeypatch.setattr(sms, "send", lambda phone, text, *, message_id="": got.append((phone, text)))
    return got


def asked(kind, username="lin", now=NOW):
    """Ask for something; the request and the key of its receipt."""
    from cases.shared.services import requests
    from tenants.shared import scope

    with scope.portal():
        return requests.ask(PERSON_ID[username], kind, now=now)


def work(now=NOW, stopped=lambda: False):
    """Let the worker do what is due; how many requests it took."""
    from cases.hall.services.rights import granting

    return granting.do_waiting(stopped=stopped, now=lambda: now)


def again(request):
    """The request as it stands."""
    from tenants.shared import scope

    with scope.portal():
        request.refresh_from_db()
    return request


def done(kind, username="lin", now=NOW):
    """Ask and let it be done."""
    request, _key = asked(kind, username, now)
    assert work(now) >= 1
    return again(request)


def receipts(request):
    """What each hall removed, by its key."""
    from cases.shared.queries import requests
    from tenants.shared import scope

    with scope.portal():
        return {row.hall.key: row.lines for row in requests.receipts(request)}


def unzipped(request):
    """The zip of an export."""
    from django.core.files.storage import storages

    with storages["cases"].open(request.path) as stream:
        return zipfile.ZipFile(io.BytesIO(stream.read()))


def data(pack, path):
    """What one JSON file of it says."""
    return json.loads(pack.read(path))


def in_hall(hall, make, *args, **given):
    """Call something in a hall's scope."""
    from tenants.shared import scope

    with scope.hall(hall):
        return make(*args, **given)


LATER = NOW + timedelta(minutes=11)
