"""Asking for the routes of a table, asker by asker."""

import re

from django.urls import URLPattern, get_resolver, reverse

from tests.isolation.askers import Watched, never_existed, state_of, undone

HALL, PORTAL = "config.urls.hall", "config.urls.portal"
KEYS = {"pk", "number", "file_pk", "event_pk", "letter_pk", "step_pk"}


def _named(urlconf):
    """All addresses of a urlconf: (name with its namespace, path)."""

    def walk(patterns, namespace="", path=""):
        for pattern in patterns:
            here = path + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield f"{namespace}{pattern.name or here}", here
            else:
                inside = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern.url_patterns, namespace + inside, here)

    return walk(get_resolver(urlconf).url_patterns)


def pages_of(urlconf):
    """The names of the pages of a urlconf."""
    return {name for name, path in _named(urlconf) if not path.startswith("api/")}


def api_of(urlconf):
    """The names of the API's addresses of a urlconf."""
    return {name for name, path in _named(urlconf) if path.startswith("api/")}


def _of(value, world):
    return value(world) if callable(value) else value


def kwargs_of(route, world):
    """What stands in the address of a route of the prepared world."""
    return _of(route.kwargs, world)


def ask(client, route, world, urlconf, kwargs=None):
    """Ask for a route once."""
    path = reverse(route.name, urlconf=urlconf, kwargs=kwargs_of(route, world) if kwargs is None else kwargs)
    url = f"{path}?{route.query}" if route.query else path
    given = {"content_type": "application/json"} if route.is_json else {}
    response = getattr(client, route.method.lower())(
        url, _of(route.data, world), headers=_of(route.headers, world), **given
    )
    if response.streaming:
        # a file is open until it has been read
        list(response.streaming_content)
    return response


def _answer(response, expected):
    """What came back, in the form of what is expected."""
    if response.status_code in (301, 302):
        leads_to = response["Location"]
        return expected if isinstance(expected, str) and leads_to.startswith(expected) else leads_to
    return response.status_code


def _is_right(expected):
    if isinstance(expected, str):
        return "sign-in" not in expected and "come-in" not in expected
    return expected < 300


def answers(routes, world, urlconf, asker_of):
    """Ask for each route as each asker; return what they got, by route and asker.

    Whoever is refused has changed nothing; whoever is right, by another method than GET, has.
    """
    watched, got = Watched(world.hall), {}
    for route in routes:
        found = got.setdefault(str(route), {})
        for name, expected in route.answers.items():
            with undone():
                response = ask(asker_of(name), route, world, urlconf)
                found[name] = _answer(response, expected)
                has_changed = watched.has_changed()
            should_change = route.changes and (route.by_link or _is_right(expected))
            if has_changed != should_change:
                found[name] = f"{found[name]}, and {'something' if has_changed else 'nothing'} changed"
    return got


def _objects(kwargs):
    """What of an address names an object of a hall; the number of a form's page does not."""
    return {key for key, value in kwargs.items() if key in KEYS and not isinstance(value, int)}


def same(response, named):
    """A page without what differs by its address and by its form's token alone."""
    text = response.content.decode()
    for key in _objects(named):
        text = text.replace(str(named[key]), "…")
    return re.sub(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+', "…", text)


def check_foreign(route, there, client):
    """Ask this hall for an object of the other, and for one that never was: the same 404, and nothing changed there."""
    before = state_of(there.hall)
    kwargs = kwargs_of(route, there)
    invented = kwargs | {key: never_existed(kwargs[key]) for key in _objects(kwargs)}
    foreign, nothing = ask(client, route, there, HALL, kwargs), ask(client, route, there, HALL, invented)
    assert (str(route), foreign.status_code, nothing.status_code) == (str(route), 404, 404)
    assert same(foreign, kwargs) == same(nothing, invented)
    assert state_of(there.hall) == before
