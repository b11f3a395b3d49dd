"""办件工作台: whose it is, what is first, and what it costs."""

import pytest

from tests.cases.hall.views.conftest import text
from tests.template import BIRTH, LICENCE, REPORT


@pytest.mark.parametrize("path", ["/clerk/", "/clerk/cases/{number}/", "/clerk/cases/{number}/accept/"])
def test_the_desk_is_for_its_posts_alone(path, made, east, west, hall_client, lin, window):
    path = path.format(number=made("submitted").number)

    assert window.get(path).status_code == 200
    assert hall_client(east).get(path)["Location"].startswith("/sign-in/?next=%2Fclerk%2F")
    assert lin.get(path).status_code == 403
    for username in ("east_staff", "city_admin", "west_window"):
        assert hall_client(east, username).get(path).status_code == 403
    assert hall_client(east, "east_window", by_ticket=True).get(path).status_code == 403


def test_another_halls_case_is_a_404_at_this_desk(made, west, hall_client, window):
    case = made("submitted")
    other = hall_client(west, "west_window")

    assert window.get(f"/clerk/cases/{case.number}/").status_code == 200
    assert other.get(f"/clerk/cases/{case.number}/").status_code == 404
    assert case.number not in text(other.get("/clerk/?queue=all"))


def test_queues_show_whose_turn_it_is_with_counts(made, east, hall_client, window):
    waiting, running = made("submitted"), made("at", "review", BIRTH)
    page = text(window.get("/clerk/"))

    assert f"/clerk/cases/{waiting.number}/" in page
    assert running.number not in page
    assert "待受理<b>1</b>" in page
    assert "待审查<b>1</b>" in page
    assert f"/clerk/cases/{running.number}/" in text(hall_client(east, "east_approver").get("/clerk/"))


def test_an_applicant_stays_masked_in_the_list(made, window):
    made("submitted")
    page = text(window.get("/clerk/?queue=all"))

    assert "林*" in page
    assert "林小禾" not in page


def test_search_and_item_filter_can_be_taken_back(made, window):
    one, other = made("submitted"), made("submitted", REPORT)
    page = text(window.get(f"/clerk/?queue=all&q={one.number}"))
    assert f"/clerk/cases/{one.number}/" in page
    assert f"/clerk/cases/{other.number}/" not in page
    page = text(window.get(f"/clerk/?queue=all&item={REPORT}"))
    assert f"/clerk/cases/{other.number}/" in page
    assert f"/clerk/cases/{one.number}/" not in page
    assert '<a href="?queue=all">清除筛选</a>' in page


def test_an_empty_queue_says_so_and_what_comes(made, window):
    assert "没有待确认的办件。" in text(window.get("/clerk/?queue=to_confirm"))
    made("submitted", LICENCE)
    assert "没有待确认的办件，下一件3月9日 周一到期。" in text(window.get("/clerk/?queue=to_confirm"))


def test_an_unknown_queue_is_a_404(window):
    assert window.get("/clerk/?queue=secret").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(rows, made, window, queries):
    for _ in range(rows):
        made("submitted")
    window.get("/clerk/")
    with queries() as seen:
        page = text(window.get("/clerk/"))

    assert page.count("<tr role") == rows + 1
    assert len(seen) == 5, seen
