"""Booking a visit over HTTP, against the loaded city and its real web server."""

import hashlib
import json
import os
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg2
import pytest
import requests

from tests.journeys.steps import register, sign_in, staff
from tests.plugins import database
from tests.plugins.city import LOADED, Browser

HALL, ITEM, OTHER = "guoyang", "34013100300000", "34011100300000"
CODE = re.compile(r"Y[0-9]{18}")


def _owner():
    connection = psycopg2.connect(database.url_of(os.environ[database.OWNER], f"{LOADED}_{database.WORKER}"))
    connection.autocommit = True
    return connection


@pytest.fixture
def crowd(city):
    """Fifty people with a token of the hall each: copies of one of the demo's, straight in the database."""
    tokens = [uuid.uuid4().hex for _person in range(50)]
    now = datetime.now(tz=UTC)
    with _owner() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p) FROM public.accounts_person p WHERE username = 'chen'")
        (known,) = cursor.fetchone()
        for token in tokens:
            person = known | {
                "id": str(uuid.uuid4()),
                "username": f"crowd{token[:12]}",
                "phone_index": uuid.uuid4().hex,
            }
            cursor.execute(
                "INSERT INTO public.accounts_person"
                " SELECT * FROM json_populate_record(NULL::public.accounts_person, %s)",
                [json.dumps(person)],
            )
            issued = {
                "digest": hashlib.sha256(token.encode()).hexdigest(),
                "person_id": person["id"],
                "hall": HALL,
                "is_proved": False,
                "created_at": now.isoformat(),
                "expires_at": (now + timedelta(hours=1)).isoformat(),
            }
            cursor.execute(
                "INSERT INTO public.accounts_token"
                " SELECT * FROM json_populate_record(NULL::public.accounts_token, %s)",
                [json.dumps(issued)],
            )
    return tokens


def _book(city, token, day, starts, key):
    return requests.post(
        f"{city.hall(HALL)}/api/v1/bookings/",
        json={"items": [ITEM], "date": day, "time": starts},
        headers={"Authorization": f"Token {token}", "Idempotency-Key": key},
        timeout=60,
    )


def test_fifty_clients_race_for_the_last_places_and_none_is_given_twice(city, crowd):
    days = requests.get(f"{city.hall(HALL)}/api/v1/items/{ITEM}/slots/", timeout=30).json()["days"]
    day = days[4]["date"]
    left = {each["starts"]: each["left"] for each in days[4]["times"]}
    # two slots, and each client presses twice
    wanted = [(token, day, ("09:00", "09:30")[n % 2], f"key{n}") for n, token in enumerate(crowd)] * 2

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda each: _book(city, *each), wanted))

    assert {answer.status_code for answer in answers} == {201, 409}
    given = [answer.json()["code"] for answer in answers if answer.status_code == 201]
    # whoever got a place got the same one by pressing again
    assert all(given.count(number) == 2 for number in given)
    assert len(set(given)) == left["09:00"] + left["09:30"]
    with _owner() as connection, connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.taken, s.places, (SELECT coalesce(sum(count), 0) FROM {HALL}.cases_hall_place p WHERE p.slot_id = s.id)"
            f" FROM {HALL}.cases_hall_slot s WHERE s.day = %s",
            [day],
        )
        rows = cursor.fetchall()
    assert rows
    assert all(taken == held <= places for taken, places, held in rows), rows


def test_fifty_changes_and_cancellations_at_once_lose_no_place(city, crowd):
    days = requests.get(f"{city.hall(HALL)}/api/v1/items/{ITEM}/slots/", timeout=30).json()["days"]
    day, other = days[5]["date"], days[6]["date"]
    times = [each["starts"] for each in days[5]["times"]]
    with ThreadPoolExecutor(12) as pool:
        made = list(
            pool.map(
                lambda n: (crowd[n], _book(city, crowd[n], day, times[n // 2 % len(times)], f"b{n}")),
                range(24),
            )
        )
    numbers = [(token, answer.json()["code"]) for token, answer in made if answer.status_code == 201]
    assert len(numbers) == 24

    def act(job):
        number, (token, code) = job
        headers = {"Authorization": f"Token {token}"}
        url = f"{city.hall(HALL)}/api/v1/bookings/{code}/"
        if number % 3 == 0:
            return requests.delete(url, headers=headers, timeout=60)
        body = {"date": (day, other)[number % 2], "time": "09:00"}
        return requests.post(f"{url}change/", json=body, headers=headers, timeout=60)

    with ThreadPoolExecutor(48) as pool:
        answers = list(pool.map(act, [*enumerate(numbers), *enumerate(numbers, start=1)]))

    assert {answer.status_code for answer in answers} <= {200, 204, 409}
    with _owner() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.day, s.starts, s.taken, s.places,"
            f" (SELECT coalesce(sum(count), 0) FROM {HALL}.cases_hall_place p WHERE p.slot_id = s.id)"
            f" FROM {HALL}.cases_hall_slot s"
        )
        rows = cursor.fetchall()
        cursor.execute(
            f"SELECT count(*) FROM {HALL}.cases_hall_booking b WHERE state = 'booked' AND NOT EXISTS"
            f" (SELECT 1 FROM {HALL}.cases_hall_place p WHERE p.booking_id = b.id)"
        )
        (bare,) = cursor.fetchone()
    assert [row for row in rows if row[2] != row[4] or row[2] > row[3]] == []
    assert bare == 0


def test_a_villager_books_changes_and_cancels_without_scripts(city, browser):
    browser.open(f"{city.hall(HALL)}/items/{OTHER}/")
    browser.go("哪天来、几点来")
    assert browser.h1 == "约哪天来"
    assert "剩 " in browser.text
    browser.go("剩")
    browser.press("约这个时间", at=browser.page.find("input", {"name": "at"})["value"])
    # only now is it asked who comes
    register(browser, name="王秀英", id_number="341621198605129916")
    assert browser.h1 == "看一遍再预约"
    browser.press("确认预约", reason="问材料")
    assert browser.h1 == "约好了"
    number = CODE.search(browser.url)[0]
    assert number in browser.text
    assert "带上这些" in browser.text

    browser.open(f"{city.portal}/me/")
    browser.go("社会团体注销登记")
    browser.go("改时间")
    last = browser.page.find_all("input", {"name": "at"})[-1]["value"]
    browser.press("改到这个时间", at=last)
    assert "1 次" in browser.text
    browser.go("取消预约")
    browser.press("取消预约")
    assert "已取消" in browser.text
    browser.open(f"{city.portal}/me/?show=bookings")
    assert "已取消" in browser.text


def test_the_desk_gives_numbers_and_calls_them_and_the_screen_shows_them(city, browser):
    staff(browser, city, HALL, f"{HALL}_window")
    browser.open(f"{city.hall(HALL)}/clerk/queue/")
    browser.go("1 号")
    browser.press("没有预约，给一个号")
    number = re.search(r"给了 (A[0-9]{3}) 号", browser.text)[1]
    browser.press("叫下一个")
    assert number in browser.text
    with Browser() as hallway:
        hallway.open(f"{city.hall(HALL)}/screen/")
        assert number in hallway.text
    browser.press("没来")
    browser.press("再叫")
    browser.press("办完了")
    assert "叫下一个" in browser.text


def test_an_admin_closes_a_day_after_seeing_how_many_that_cancels(city, browser):
    browser.open(f"{city.hall(HALL)}/staff/windows/close/")
    sign_in(browser, city, f"{HALL}_admin")
    days = requests.get(f"{city.hall(HALL)}/api/v1/items/{OTHER}/slots/", timeout=30).json()["days"]
    year, month, day = days[-1]["date"].split("-")
    browser.press("看会取消几个预约", day_year=year, day_month=month, day_day=day, reason="停电检修")
    # those who raced for places before may hold some of that day
    assert re.search(r"会取消 \d+ 个预约", browser.text)
    browser.press("这天不办公")
    assert "停电检修" in browser.text
    browser.open(f"{city.hall(HALL)}/items/{OTHER}/book/")
    assert "不办公" in browser.text
