"""The display switch goes back to this host only; the stylesheet is served for ever under its digest."""

import pytest
from django.http import Http404

from theming import queries, views

DIGEST = "0123456789ab"


def switch(rf, name, target="/items/?q=1", cookie=""):
    request = rf.post("/display/", {"switch": name, "next": target})
    request.COOKIES["display"] = cookie
    return views.set_display(request)


def test_switching_sets_a_cookie_for_a_year_and_goes_back(rf):
    response = switch(rf, "elder")

    assert (response.status_code, response["Location"]) == (302, "/items/?q=1")
    cookie = response.cookies["display"]
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == ("elder", 365 * 24 * 3600, "Lax")


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("elder", "hc", "elder hc"),
        ("elder hc", "elder", "hc"),
        ("hc", "hc", ""),
        ("hc", "other", "hc"),
        ("evil", "elder", "elder"),
    ],
)
def test_each_switch_turns_one_choice_over(rf, before, name, after):
    assert switch(rf, name, cookie=before).cookies["display"].value == after


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "javascript:alert(1)",
        "evil.test",
        "",
        "\t//evil.test",
        "///evil.test",
    ],
)
def test_a_foreign_address_is_never_gone_to(rf, target):
    assert switch(rf, "elder", target)["Location"] == "/"


def test_switching_is_a_post(rf):
    assert views.set_display(rf.get("/display/")).status_code == 405


def test_stylesheet_is_kept_for_ever(rf, hall, look_in_force, monkeypatch):
    asked = []
    monkeypatch.setattr(
        queries, "stylesheet", lambda hall, digest: asked.append((hall, digest)) or look_in_force.tokens.css()
    )
    request = rf.get(f"/theme-{DIGEST}.css")
    request.hall = hall

    response = views.stylesheet(request, DIGEST)

    assert asked == [(hall, DIGEST)]
    assert response.content.decode() == look_in_force.tokens.css()
    assert response["Content-Type"].startswith("text/css")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_unknown_digest_is_not_found(rf, monkeypatch):
    monkeypatch.setattr(queries, "stylesheet", lambda hall, digest: None)

    with pytest.raises(Http404):
        views.stylesheet(rf.get("/"), DIGEST)


def test_a_stranger_gets_no_cookie_until_he_chooses(east, hall_client):
    client = hall_client(east)
    client.handler.enforce_csrf_checks = True

    assert not client.get("/items/").cookies
    assert list(client.post("/display/", {"switch": "elder", "next": "/items/"}).cookies) == ["display"]
