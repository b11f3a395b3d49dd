"""One act on many cases, at the desk: seen before it is done, done once, one by one."""

import re

import pytest

from tests.cases.hall import making
from tests.cases.hall.views.conftest import text
from tests.template import BIRTH, LICENCE, NOW


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


def picks(*cases):
    return [f"{case.number}:{case.revision}" for case in cases]


def key_of(page):
    return re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1]


def states(inside, *cases):
    from cases.hall.models import Case

    with inside():
        return [Case.objects.get(pk=case.pk).state for case in cases]


def test_a_dry_run_says_of_each_case_whether_and_why_not_and_writes_nothing(made, window, inside):
    new, decided = made("submitted"), made("at", "granted")

    page = text(window.post("/clerk/batch/", {"act": "accept", "pick": picks(new, decided)}))

    assert "受理：1 件能办" in page
    assert "这件现在是“同意了”，可以：移交" in page
    assert re.findall(r'name="pick" value="(\d{18}):', page) == [new.number]
    assert states(inside, new, decided) == ["submitted", "granted"]


def test_pressed_three_times_it_is_done_once(made, window, inside):
    from cases.hall.models import BatchJob, Event

    cases = [made("submitted") for _ in range(3)]
    page = text(window.post("/clerk/batch/", {"act": "accept", "pick": picks(*cases)}))
    sent = {"act": "accept", "pick": picks(*cases), "key": key_of(page), "reason": ""}

    answers = [window.post("/clerk/batch/run/", sent) for _ in range(3)]

    assert len({answer["Location"] for answer in answers}) == 1
    assert states(inside, *cases) == ["accepted"] * 3
    with inside():
        assert BatchJob.objects.count() == 1
        assert Event.objects.filter(action="accept").count() == 3
    assert "受理：办好 3 件，共 3 件" in text(window.get(answers[0]["Location"]))


def test_what_somebody_acted_on_meanwhile_is_reported_and_left_alone(made, window, inside):
    first, second = made("submitted"), made("submitted")
    page = text(window.post("/clerk/batch/", {"act": "accept", "pick": picks(first, second)}))
    with inside():
        making.act(first, "pre_review", username="east_head", posts=["window"])

    answer = window.post(
        "/clerk/batch/run/", {"act": "accept", "pick": picks(first, second), "key": key_of(page)}
    )

    assert states(inside, first, second) == ["pre_review", "accepted"]
    shown = text(window.get(answer["Location"]))
    assert "东负责刚处理了这件：开始看材料" in shown
    assert "1 件别人刚处理过，0 件不能办，都没有动。" in shown


def test_a_revision_that_is_old_already_is_said_in_the_dry_run(made, window):
    case = made("submitted")
    page = text(window.post("/clerk/batch/", {"act": "accept", "pick": [f"{case.number}:0"]}))
    assert "您看过以后有人处理过" in page
    assert 'name="key"' not in page


@pytest.mark.parametrize("act", ["refuse", "not_accept", "request_correction", "terminate", "complete", "x"])
def test_what_needs_its_own_reasons_is_never_done_on_many(act, made, window, inside):
    case = made("submitted")
    dry = window.post("/clerk/batch/", {"act": act, "pick": picks(case)})
    run = window.post(
        "/clerk/batch/run/",
        {"act": act, "pick": picks(case), "key": "00000000-0000-4000-8000-000000000000"},
    )
    assert (dry.status_code, run.status_code) == (422, 422)
    assert "这一步要一件一件办" in text(dry)
    assert states(inside, case) == ["submitted"]


def test_all_of_a_filter_is_taken(made, window):
    made("submitted"), made("submitted", BIRTH), made("submitted", BIRTH)
    page = text(window.post(f"/clerk/batch/?queue=new&item={BIRTH}", {"act": "accept", "all": "1"}))
    assert "受理：2 件能办" in page
    assert f"/clerk/?queue=new&amp;item={BIRTH}" in page


def test_nothing_chosen_says_what_to_do(window):
    answer = window.post("/clerk/batch/", {"act": "accept"})
    assert answer.status_code == 422
    assert "还没选办件，请先勾选" in text(answer)


def test_a_parcel_without_number_is_not_handed_over_with_the_others(made, window, inside):
    by_window, by_post = made("at", "granted"), made("at", "granted")
    with inside():
        by_post.delivery = {"method": "ems", "recipient": "林", "address": "路", "phone": ""}
        by_post.save(update_fields=["delivery"])
    page = text(window.post("/clerk/batch/", {"act": "hand_over", "pick": picks(by_window, by_post)}))
    assert "移交：1 件能办" in page
    assert "请填邮件单号" in page


def test_whoever_accepted_does_not_grant_in_a_batch_either(made, inside, east, hall_client):
    case = made("at", "review")
    with inside():
        from tenants.hall.models import Post
        from tests.template import PERSON_ID

        Post.objects.create(
            person=PERSON_ID["east_window"], name="东窗口", username="east_window", role="approver", created_at=NOW
        )  # fmt: skip
    page = text(hall_client(east, "east_window").post("/clerk/batch/", {"act": "grant", "pick": picks(case)}))
    assert "这件是您受理的，要由别人决定" in page


def test_a_job_is_its_clerks_alone(made, window, approver_page, inside):
    case = made("submitted")
    page = text(window.post("/clerk/batch/", {"act": "accept", "pick": picks(case)}))
    answer = window.post("/clerk/batch/run/", {"act": "accept", "pick": picks(case), "key": key_of(page)})
    assert approver_page(answer["Location"]).status_code == 404
    assert answer["Location"].split("?")[0] in text(window.get("/clerk/batch/"))


@pytest.fixture
def approver_page(east, hall_client):
    return hall_client(east, "east_approver").get


def test_a_dry_run_costs_the_same_for_one_and_for_many(made, window, queries):
    cases = [made("submitted", LICENCE) for _ in range(5)]
    costs = []
    # the first fills what is kept for seconds
    for some in (cases[:1], cases[:1], cases):
        with queries() as seen:
            window.post("/clerk/batch/", {"act": "accept", "pick": picks(*some)})
        costs.append(len(seen))
    assert costs[1] == costs[2]


def test_many_are_left_to_the_worker_which_does_each_for_itself(made, window, inside, monkeypatch, east):
    from cases.hall import tasks
    from cases.hall.models import BatchJob
    from cases.hall.services import batch
    from cases.shared.models import Doorbell

    monkeypatch.setattr(batch, "MOST_AT_ONCE", 2)
    cases = [made("submitted") for _ in range(4)]
    page = text(window.post("/clerk/batch/", {"act": "accept", "pick": picks(*cases)}))
    assert "由系统接着办" in page
    with inside():
        before = Doorbell.objects.count()
    answer = window.post("/clerk/batch/run/", {"act": "accept", "pick": picks(*cases), "key": key_of(page)})
    shown = text(window.get(answer["Location"]))
    assert "第 0 件，共 4 件。可以离开，会接着做。" in shown
    with inside():
        assert Doorbell.objects.count() == before + 1
        making.act(cases[2], "not_accept", reason="理由")

    tasks.acts_on_many(east, lambda: False)

    assert states(inside, *cases) == ["accepted", "accepted", "not_accepted", "accepted"]
    with inside():
        job = BatchJob.objects.get()
        assert job.ended_at == NOW
        assert list(job.lines.order_by("position").values_list("outcome", flat=True)) == [
            "done", "done", "stale", "done",
        ]  # fmt: skip
    assert "受理：办好 3 件，共 4 件" in text(window.get(answer["Location"]))


def test_the_worker_stops_when_told_and_a_lost_post_ends_the_right(made, window, inside, monkeypatch, east):
    from cases.hall import tasks
    from cases.hall.services import batch
    from tenants.hall.models import Post

    monkeypatch.setattr(batch, "MOST_AT_ONCE", 0)
    cases = [made("submitted") for _ in range(2)]
    page = text(window.post("/clerk/batch/", {"act": "accept", "pick": picks(*cases)}))
    window.post("/clerk/batch/run/", {"act": "accept", "pick": picks(*cases), "key": key_of(page)})

    tasks.acts_on_many(east, lambda: True)
    assert states(inside, *cases) == ["submitted"] * 2
    with inside():
        Post.objects.filter(username="east_window").update(is_active=False)
    tasks.acts_on_many(east, lambda: False)

    assert states(inside, *cases) == ["submitted"] * 2
    with inside():
        from cases.hall.models import BatchLine

        assert set(BatchLine.objects.values_list("outcome", "words")) == {("not", "这一步不归您的岗位办")}


def test_the_list_offers_boxes_and_the_acts_of_the_post(made, window):
    case = made("submitted")
    page = text(window.get("/clerk/?queue=new"))
    assert f'form="batch" name="pick" value="{case.number}:{case.revision}"' in page
    assert re.findall(r'<option value="(\w+)">', page.split('id="batch-act"')[1].split("</select>")[0]) == [
        "pre_review", "accept", "hand_over", "deliver",
    ]  # fmt: skip
    assert f"/clerk/cases/{case.number}/?queue=new" in page
