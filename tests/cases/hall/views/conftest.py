"""The pages of a hall as people see them: cases are made by the services, pages are asked for by clients."""

import contextlib

import pytest

from tests.cases.hall import making


@pytest.fixture
def made(east):
    """``made(function, *given)``: what a function of `making` returns, made in east's scope."""
    from tenants.shared import scope

    def make(name, *args, **given):
        with scope.hall(east):
            return getattr(making, name)(*args, **given)

    return make


@pytest.fixture
def inside(east):
    """``with inside():`` to look into east's schema between two requests."""
    from tenants.shared import scope

    return lambda: scope.hall(east)


@pytest.fixture
def lin(east, hall_client):
    """The citizen whose cases these are."""
    return hall_client(east, "lin")


@pytest.fixture
def zhou(east, hall_client):
    """Another citizen: she must see nothing of lin's."""
    return hall_client(east, "zhou")


@pytest.fixture
def window(east, hall_client):
    """The clerk at east's window."""
    return hall_client(east, "east_window")


@pytest.fixture
def queries():
    """``with queries() as seen:`` counts the statements of the hall's work (`default`), scope and savepoints left out."""
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    @contextlib.contextmanager
    def counting():
        seen = []
        with CaptureQueriesContext(connections["default"]) as captured:
            yield seen
        noise = ("SAVEPOINT", "RELEASE", "SET LOCAL", "ROLLBACK")
        seen += [row["sql"] for row in captured if not row["sql"].startswith(noise)]

    return counting


def text(response):
    """Return a page's text."""
    return response.content.decode()


def content(response):
    """Return a file that was answered, and close it: closing the response would end the test's connections."""
    if not response.streaming:
        # a copy that was made for whoever asked
        return response.content
    found = b"".join(response.streaming_content)
    for close in response._resource_closers:
        close()
    return found
