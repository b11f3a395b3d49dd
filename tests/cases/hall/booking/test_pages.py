"""The pages and the API of bookings: what they say, and that refusals leave nothing."""

import json

import pytest
from django.utils import timezone

from tests.cases.hall.booking.making import BIRTH, GUIDE, LICENCE, TOMORROW, at, book, book_as, crowd, young
from tests.conftest import _hall
from tests.template import NOW


@pytest.fixture
def clock(monkeypatch):
    """`clock(moment)`: what the edge reads from now on."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(NOW)
    return set_to


def in_east(make):
    from tenants.shared import scope

    with scope.hall(_hall("east")):
        return make()


def page(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def fill_a_day():
    from datetime import time

    begins = [time(h, m) for h in (9, 10, 11, 14, 15, 16) for m in (0, 30)]
    for by, starts in zip(crowd(12), begins, strict=True):
        book_as(by, items=(LICENCE,), starts=starts)


def test_a_full_day_offers_the_line_and_another_day_its_places(clock, hall_client, east):
    in_east(fill_a_day)
    shown = page(hall_client(east), f"/items/{LICENCE}/book/?day={TOMORROW}")

    assert "3月3日（星期二）约满了" in shown
    assert "排队等空位" in shown
    assert 'name="at" value="2026-03-03"' in shown
    other = page(hall_client(east), f"/items/{LICENCE}/book/?day=2026-03-04")
    assert 'value="2026-03-04T09:00"' in other


def test_the_receipt_says_code_place_and_what_to_bring(clock, hall_client, east):
    made = in_east(lambda: (young("lin"), book())[1])
    shown = page(hall_client(east, "lin"), f"/bookings/{made.number}/?new=1")

    for words in (
        "约好了",
        made.check_code,
        made.number,
        "综合窗口",
        "身份证",
        "东县政务服务中心",
        "139****0000",
    ):
        assert words in shown
    assert "林小禾" not in shown.split("<main")[1]


def test_what_is_taken_meanwhile_is_said_and_nothing_kept(clock, hall_client, east):
    from cases.hall.models.booking import Booking

    in_east(lambda: [book_as(by, items=(LICENCE,)) for by in crowd(1)])
    client = hall_client(east, "lin")
    answer = client.post(f"/items/{LICENCE}/book/who/", {"at": "2026-03-03T09:00", "key": "k"})

    assert answer.status_code == 409
    assert "这个时间刚被约走，请另选" in answer.content.decode()
    assert in_east(Booking.objects.count) == 1


def test_a_frozen_hall_says_so_and_shows_no_times(clock, hall_client, east, monkeypatch):
    from tenants.shared import scope

    # the state stands in the identity row, which the owner alone writes
    known = scope.Scope
    monkeypatch.setattr(
        scope, "Scope", lambda role, schema, state="", *more: known(role, schema, state and "frozen", *more)
    )
    shown = page(hall_client(east), f"/items/{BIRTH}/book/")
    answer = hall_client(east).get(f"/api/v1/items/{BIRTH}/slots/")

    assert "本厅暂停预约" in shown
    assert 'name="at"' not in shown
    assert (answer.status_code, answer.json()["code"]) == (409, "hall_not_taking")


def test_the_kiosk_and_the_screen_show_a_number_and_no_name(clock, hall_client, east):
    from cases.hall.services.bookings import calling
    from tenants.hall.models import Window
    from tests.conftest import actor

    made = in_east(lambda: (young("lin"), book())[1])
    clock(at(TOMORROW, 8, 50))
    shown = hall_client(east).post("/check-in/", {"code": made.check_code.lower()})

    assert "A001" in shown.content.decode()
    assert shown["Refresh"].startswith("30")
    assert "林" not in shown.content.decode()
    in_east(
        lambda: calling.call_next(
            Window.objects.get(letter="A"), 3, by=actor("east_window"), now=timezone.now()
        )
    )
    screen = hall_client(east).get("/screen/")
    text = screen.content.decode()
    assert screen["Refresh"] == "10"
    assert all(words in text for words in ("A001", "综合窗口 3 号", "林*"))
    assert "林小禾" not in text
    assert made.number not in text


def test_the_api_books_once_a_key_and_tells_refusals_in_one_shape(clock, hall_client, east):
    in_east(lambda: young("lin"))
    client = hall_client(east, "lin")

    def post(body, key="k"):
        return client.post(
            "/api/v1/bookings/",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )

    body = {"items": [BIRTH, GUIDE], "date": "2026-03-03", "time": "09:00"}
    first, again, other = post(body), post(body), post({**body, "time": "10:00"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()
    assert [item["code"] for item in first.json()["items"]] == [BIRTH, GUIDE]
    refused = post({**body, "items": [GUIDE], "time": "11:00"}, key="other")
    assert (refused.status_code, refused.json()["code"], set(refused.json()["fields"])) == (
        409, "already_booked", {"items"},
    )  # fmt: skip
    code = first.json()["code"]
    slots = client.get(f"/api/v1/items/{BIRTH}/slots/").json()
    assert slots["window"] == "综合窗口"
    assert slots["days"][1]["times"][0] == {"starts": "09:00", "ends": "09:30", "left": 3}
    assert client.delete(f"/api/v1/bookings/{code}/").status_code == 204
    assert client.get(f"/api/v1/bookings/{code}/").json()["state"] == "cancelled"


def test_the_description_of_the_api_has_the_bookings_with_examples(hall_client, east):
    described = hall_client(east).get("/api/v1/schema/", headers={"accept": "application/json"}).json()

    made = described["paths"]["/api/v1/bookings/"]["post"]
    assert made["requestBody"]["content"]["application/json"]["examples"]
    assert {"/api/v1/items/{code}/slots/", "/api/v1/bookings/{number}/change/"} <= set(described["paths"])
