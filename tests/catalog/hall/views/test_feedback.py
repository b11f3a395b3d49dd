"""Saying that a guide is wrong, reading the answer, and the staff's queue."""

import re
from uuid import UUID, uuid4

import pytest

from catalog.hall.models import Feedback
from catalog.hall.queries import effective_item
from catalog.hall.services import feedback
from tenants.shared import scope
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW

FORM = f"/items/{LICENCE}/feedback/"
QUEUE = "/staff/feedback/"
NASTY = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7|add:7 }} \"' & \u202e"


def say(hall, text="地址不对", *, code=LICENCE):
    with scope.hall(hall):
        said = feedback.Said(uuid4(), "place", text)
        return feedback.submit(effective_item(code), said, address="unknown", by=actor("lin"), now=NOW)


def rows(hall):
    with scope.hall(hall):
        return list(Feedback.objects.order_by("id").values_list("section", "text", "state"))


def test_from_the_guide_to_the_answer(hall_client, east, west):
    citizen, staff = hall_client(east), hall_client(east, "east_staff")
    assert f'href="{FORM}"' in citizen.get(f"/items/{LICENCE}/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', citizen.get(FORM).content.decode())[1]

    sent = citizen.post(FORM, {"key": key, "section": "fees", "text": "现在不收费了"})
    address = sent["Location"]
    assert (sent.status_code, address) == (302, f"/feedback/{key}/")
    assert "我们会核对" in citizen.get(address).content.decode()

    page = staff.get(QUEUE).content.decode()
    assert "现在不收费了" in page
    link = re.search(r'href="(/staff/feedback/\d+/)"', page)[1]
    assert f'href="/staff/items/{LICENCE}/' in staff.get(link).content.decode()
    answered = staff.post(link, {"state": "accepted", "answer": "改好了，谢谢", "passes_on": "on"})
    assert (answered.status_code, answered["Location"]) == (302, link)
    assert "已转给市里" in staff.get(link).content.decode()
    assert "没有等处理的" in staff.get(QUEUE).content.decode()
    assert "改好了，谢谢" in citizen.get(address).content.decode()
    # nothing of it in the other hall
    assert hall_client(west).get(address).status_code == 404
    assert hall_client(west, "west_staff").get(link).status_code == 404
    assert "现在不收费了" not in hall_client(west, "west_staff").get(f"{QUEUE}?state=all").content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"section": ""}, "哪里有错"),
        ({"section": "nowhere"}, "哪里有错"),
        ({"text": ""}, "错在哪"),
        ({"text": "  "}, "错在哪"),
        ({"text": "长" * 301}, "错在哪"),
        ({"text": "a\x00b"}, "错在哪"),
        ({"key": "1"}, ""),
    ],
)
def test_a_bad_form_says_where_and_keeps_nothing(hall_client, east, change, said):
    given = {"key": str(uuid4()), "section": "place", "text": "地址不对", **change}
    response = hall_client(east).post(FORM, given)

    assert response.status_code == 422
    page = response.content.decode()
    assert 'id="errors"' in page
    assert said in page
    assert rows(east) == []


def test_sent_twice_it_is_there_once(hall_client, east):
    given = {"key": str(uuid4()), "section": "place", "text": "地址不对"}
    client = hall_client(east)

    assert client.post(FORM, given)["Location"] == client.post(FORM, given)["Location"]
    assert rows(east) == [("place", "地址不对", "new")]
    assert client.post(FORM, {**given, "text": "别的"}).status_code == 422
    assert rows(east) == [("place", "地址不对", "new")]


def test_one_address_is_told_to_wait(hall_client, east, monkeypatch):
    monkeypatch.setattr(feedback, "LIMIT", 1)
    client = hall_client(east)
    answers = [client.post(FORM, {"key": str(uuid4()), "section": "place", "text": "不对"}) for _ in range(2)]

    assert [response.status_code for response in answers] == [302, 429]
    assert "您提得太多了" in answers[1].content.decode()
    assert len(rows(east)) == 1


def test_markup_stays_text_everywhere(hall_client, portal_client, east):
    made = say(east, NASTY)
    citizen, staff = hall_client(east), hall_client(east, "east_staff")
    link = f"{QUEUE}{made.pk}/"
    pages = [citizen.get(f"/feedback/{made.key}/"), staff.get(QUEUE), staff.get(link)]
    assert staff.post(link, {"state": "accepted", "answer": NASTY, "passes_on": "on"}).status_code == 302
    pages += [
        citizen.get(f"/feedback/{made.key}/"), staff.get(link), staff.get(f"{QUEUE}?state=all"), portal_client("city_admin").get("/city/feedback/"),
    ]  # fmt: skip
    for response in pages:
        page = response.content.decode()
        assert response.status_code == 200
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in pages[0].content.decode()
    assert "{{ 7|add:7 }}" in pages[0].content.decode()


def test_the_queue_is_filtered_counted_and_paged(hall_client, east):
    made = [say(east, f"第 {number} 处", code=BIRTH if number % 2 else LICENCE) for number in range(45)]
    with scope.hall(east):
        for row in made[:5]:
            feedback.answer(row.pk, is_right=row != made[0], words="看过了", by=actor("east_staff"), now=NOW)
    client = hall_client(east, "east_staff")

    page = client.get(QUEUE)
    assert [row.pk for row in page.context["page"].object_list] == [row.pk for row in made[5:25]]
    assert page.context["pills"] == [
        ("new", "等处理", 40),
        ("accepted", "说得对", 4),
        ("rejected", "没有错", 1),
        ("all", "全部", 45),
    ]
    for query, found in (
        ("state=rejected", 1),
        ("state=all", 45),
        (f"state=all&item={BIRTH}", 22),
        ("state=nothing", 40),
        ("item=x", 40),
        ("page=99", 40),
    ):
        assert client.get(f"{QUEUE}?{query}").context["page"].paginator.count == found


def test_a_clerk_sees_the_queue_and_answers_nothing(hall_client, east):
    made = say(east)
    clerk, link = hall_client(east, "east_window"), f"{QUEUE}{made.pk}/"

    assert "<textarea" not in clerk.get(link).content.decode()
    assert clerk.post(link, {"state": "rejected", "answer": "没有错"}).status_code == 403
    assert rows(east) == [("place", "地址不对", "new")]


def test_an_answer_is_given_once(hall_client, east):
    made = say(east)
    client, link = hall_client(east, "east_staff"), f"{QUEUE}{made.pk}/"
    assert client.post(link, {"state": "rejected", "answer": ""}).status_code == 422
    assert client.post(link, {"state": "rejected", "answer": "核对过，没有错"}).status_code == 302

    assert client.post(link, {"state": "accepted", "answer": "改了"}).status_code == 422
    assert rows(east) == [("place", "地址不对", "rejected")]


def test_by_api(api, hall_client, east, west):
    key = str(uuid4())
    client = hall_client(east)
    body = {"section": "time", "text": "承诺时限不对"}

    def send(body, **headers):
        return client.post(
            f"/api/v1/items/{LICENCE}/feedback/", body, content_type="application/json", headers=headers
        )

    first = send(body, **{"Idempotency-Key": key})
    assert (first.status_code, first.json()["key"], first.json()["state"]) == (201, key, "new")
    assert send(body, **{"Idempotency-Key": key}).json() == first.json()
    other = send({**body, "text": "别的"}, **{"Idempotency-Key": key})
    assert (other.status_code, other.json()["code"]) == (422, "other_body")
    assert send(body, **{"Idempotency-Key": "1"}).status_code == 400
    assert send({"section": "nowhere", "text": ""}).status_code == 400
    assert UUID(send(body).json()["key"]) != UUID(key)

    listed = api("get", "east", "staff/feedback/", username="east_staff").json()
    assert [row["text"] for row in listed["results"]] == ["承诺时限不对"] * 2
    assert not {"person", "key"} & set(listed["results"][0])
    assert api("get", "west", "staff/feedback/?state=all", username="west_staff").json()["count"] == 0
    assert api("get", "east", "staff/feedback/").status_code == 401
