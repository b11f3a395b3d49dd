"""After an act: what was done, and the next of the list that the clerk came from."""

import pytest

from tests.cases.hall import making
from tests.cases.hall.views.conftest import text
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def accept(client, case, query="?queue=new"):
    return client.post(f"/clerk/cases/{case.number}/accept/{query}", {"seen": case.revision})


def in_order(window, inside, *cases):
    """These cases as the list has them."""
    from datetime import timedelta

    with inside():
        for number, case in enumerate(cases):
            type(case).objects.filter(pk=case.pk).update(due_on=NOW.date() + timedelta(days=number + 1))
    return cases


def test_the_next_of_the_queue_is_offered(made, window, inside):
    first, second, third = in_order(window, inside, *[made("submitted") for _ in range(3)])

    answer = accept(window, second)

    assert answer["Location"] == f"/clerk/cases/{second.number}/?queue=new&done=accept&next={third.number}"
    page = text(window.get(answer["Location"]))
    assert "受理，已记下。" in page
    assert f'<a class="btn" href="/clerk/cases/{third.number}/?queue=new"' in page
    assert page.count('class="btn"') == 1
    # at the end of the list it goes on at its beginning
    assert accept(window, third)["Location"].endswith(f"&next={first.number}")


def test_the_filter_is_kept(made, window, inside):
    one, other, same = in_order(
        window, inside, made("submitted", LICENCE), made("submitted", BIRTH), made("submitted", LICENCE)
    )
    answer = accept(window, one, f"?queue=new&item={LICENCE}")
    assert answer["Location"].endswith(f"?queue=new&item={LICENCE}&done=accept&next={same.number}")
    assert other.number not in text(window.get(answer["Location"]))


def test_when_the_queue_is_done_the_way_leads_back_to_the_list(made, window):
    case = made("submitted")
    answer = accept(window, case)
    page = text(window.get(answer["Location"]))
    assert "这一列办完了。" in page
    assert '<a class="btn" href="/clerk/?queue=new"' in page


def test_what_was_taken_meanwhile_is_not_offered(made, window, inside):
    first, second, third = in_order(window, inside, *[made("submitted") for _ in range(3)])
    answer = accept(window, first)
    with inside():
        making.act(second, "accept", username="east_head", posts=["window"])
    page = text(window.get(answer["Location"]))
    assert f"/clerk/cases/{second.number}/" not in page
    assert f"/clerk/cases/{third.number}/?queue=new" in page


def test_straight_on_is_a_choice_of_the_session(made, window, inside):
    first, second, third = in_order(window, inside, *[made("submitted") for _ in range(3)])
    page = text(window.get(accept(window, first)["Location"]))
    assert "以后办完直接到下一件" in page

    back = window.post(
        "/clerk/habits/",
        {"name": "straight_on", "value": "1", "next": f"/clerk/cases/{second.number}/?queue=new"},
    )
    assert back["Location"] == f"/clerk/cases/{second.number}/?queue=new"
    answer = accept(window, second)
    assert answer["Location"] == f"/clerk/cases/{third.number}/?queue=new&done=accept&of={second.number}"
    page = text(window.get(answer["Location"]))
    assert "受理，已记下。</b> 下面是下一件。" in page
    window.post("/clerk/habits/", {"name": "straight_on", "value": "0"})
    assert accept(window, third)["Location"].startswith(f"/clerk/cases/{third.number}/")


@pytest.mark.parametrize(
    "leads_to", ["https://elsewhere.example/", "//elsewhere.example/clerk/", "/staff/", ""]
)
def test_a_habit_leads_nowhere_else(leads_to, window):
    assert window.post("/clerk/habits/", {"name": "keys_off", "value": "1", "next": leads_to})[
        "Location"
    ] == ("/clerk/")


def test_single_keys_can_be_switched_off(made, window):
    case = made("submitted")
    address = f"/clerk/cases/{case.number}/"
    assert "cases_hall/keys" in text(window.get(address))
    window.post("/clerk/habits/", {"name": "keys_off", "value": "1", "next": address})
    page = text(window.get(address))
    assert "cases_hall/keys" not in page
    assert "打开快捷键" in page


def test_a_queue_that_is_none_offers_no_next(made, window):
    case = made("submitted")
    made("submitted")
    answer = accept(window, case, "?queue=invented")
    assert answer.status_code == 302
    assert "next=" not in answer["Location"]
