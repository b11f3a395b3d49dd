"""What an applicant reads of a case, in the words of LOOK, and the paper that they get."""

from datetime import date, timedelta

import pytest

from tests.cases.hall.making import BIRTH, LICENCE, NOW, REPORT, act, actor, at, draft, submitted

pytestmark = pytest.mark.usefixtures("in_east")
TODAY = date(2026, 3, 2)


def status(case, today=TODAY):
    from cases.hall.queries import progress

    return progress.status(case, today)


@pytest.mark.parametrize(
    ("state", "label", "headline", "following"),
    [
        ("draft", "没提交", "还没提交，已替您存好。", "5月31日 周日前不提交会删除。"),
        ("submitted", "已提交", "已提交，等工作人员看。", "最晚3月9日 周一告诉您收不收。"),
        ("accepted", "已受理", "已受理，开始计时。", "最晚3月9日 周一给您结果。"),
        ("not_accepted", "没有受理", "没有受理，原因在下面。", "您可以改好后重新申请。"),
        ("review", "正在审查", "市场监管局正在审查，您不用做什么。", "最晚3月9日 周一给您结果。"),
        ("granted", "同意了", "同意了，正在制证。", "最晚3月16日 周一给到您。"),
        ("refused", "没有同意", "没有同意，理由在下面。", "不服可在 60 天内申请行政复议，6 个月内起诉。"),
        ("delivering", "等您来取", "办好了，等您来取。", "请带身份证到综合窗口取。"),
        ("delivered", "已办好", "已办好。", ""),
    ],
)
def test_each_state_speaks_plainly(state, label, headline, following):
    found = status(at(state))

    assert (found.label, found.headline, found.next) == (label, headline, following)


@pytest.mark.parametrize(
    ("data", "label", "following"),
    [
        ({"method": "ems", "number": "EX123"}, "已寄出", "单号EX123。"),
        ({"method": "proxy", "proxy": "村代办员"}, "代办员在送", "村代办员会送到家。"),
        ({"method": "window", "window": "3 号窗口"}, "等您来取", "请带身份证到3 号窗口取。"),
    ],
)
def test_a_result_on_its_way_says_how_it_comes(data, label, following):
    found = status(act(at("granted"), "hand_over", data=data))

    assert (found.label, found.next) == (label, following)


@pytest.mark.parametrize(
    ("days", "kind", "label"),
    [(0, "ok", "剩 5 天"), (4, "warn", "剩 1 天"), (7, "warn", "今天到期"), (8, "danger", "超 1 天")],
)
def test_the_acceptance_clock_warns_and_turns_red(days, kind, label):
    found = status(submitted(), TODAY + timedelta(days=days))

    assert (found.clock.kind, found.clock.label, found.clock.date) == (kind, label, date(2026, 3, 9))


def test_what_is_late_is_said_first():
    case = at("review", REPORT)

    promised_passed = status(case, date(2026, 3, 9))
    law_passed = status(case, date(2026, 4, 8))

    assert (promised_passed.headline, promised_passed.clock.kind) == (
        "已超过我们承诺的日期，正在催办。",
        "danger",
    )
    assert (law_passed.headline, law_passed.clock.kind) == (
        "已超过法定时间，您可以投诉或申请行政复议。",
        "lawbreach",
    )


def test_a_date_beyond_the_published_calendar_is_expected():
    from datetime import UTC, datetime

    found = status(submitted(now=datetime(2026, 12, 30, 2, tzinfo=UTC)), date(2026, 12, 30))

    assert found.expected
    assert found.next == "最晚预计 2027年1月7日（放假安排公布后再核）告诉您收不收。"
    assert found.clock.kind == "expected"


def test_the_timeline_keeps_opinions_inside():
    from cases.hall.queries import progress

    case = act(at("review"), "refuse", reason="内部意见")

    own, staff = progress.timeline(case, TODAY), progress.timeline(case, TODAY, for_staff=True)
    assert [(entry.kind, entry.title) for entry in own] == [
        ("done", "提交"), ("done", "受理"), ("done", "审查"), ("now", "审查、决定"), ("coming", "送达"),
    ]  # fmt: skip
    assert "内部意见" not in str(own)
    assert [entry.title for entry in staff][3] == "建议不同意"
    assert staff[3].reason == "内部意见"
    assert (own[1].document, own[1].document_title) == ("示(东)受〔2026〕00001号", "受理通知书")


def test_each_clock_is_explained_line_by_line():
    from cases.hall.queries import progress

    lines = progress.explain(at("granted"))

    assert list(lines) == ["A", "P", "S", "D"]
    assert [(line.date, line.text, line.ground) for line in lines["P"]] == [
        (date(2026, 3, 2), "受理，开始计时：5 个工作日，当天不算", "办事指南公布的承诺办结时限"),
        (date(2026, 3, 2), "同意，停止计时", "办事指南公布的承诺办结时限"),
        (date(2026, 3, 9), "最晚2026年3月9日（星期一）", ""),
    ]


def test_a_receipt_does_not_move_with_the_case():
    from cases.hall.queries import progress

    before = progress.receipt(case := submitted())
    after = progress.receipt(act(case, "accept"))

    assert before == after
    assert (after.state, after.due) == ("submitted", date(2026, 3, 9))


@pytest.mark.parametrize(
    ("state", "action", "title"),
    [
        ("granted", "grant", "准予决定书"),
        ("accepted", "accept", "受理通知书"),
        ("not_accepted", "not_accept", "不予受理决定书"),
        ("refused", "refuse", "不予决定书"),
        ("review", "review", ""),
    ],
)
def test_a_step_with_a_paper_says_what_it_is_called(state, action, title):
    from cases.hall.queries import documents

    event = at(state).events.get(action=action)

    assert documents.title(event) == title


@pytest.mark.parametrize("state", ["submitted", "accepted", "review", "delivering"])
def test_a_page_of_a_case_takes_few_queries(state, django_assert_max_num_queries):
    from cases.hall.models import Case
    from cases.hall.queries import progress

    case = Case.objects.get(pk=at(state).pk)
    progress.tag(case, TODAY)

    with django_assert_max_num_queries(3):
        progress.status(case, TODAY)
        progress.timeline(case, TODAY)
        progress.explain(case)


@pytest.mark.parametrize("number", [1, 3])
def test_a_queues_queries_do_not_grow(number, django_assert_num_queries):
    from cases.hall.queries import desk, progress, seats

    for _ in range(number):
        submitted()
    clerk = actor("east_window", ["window"])

    with django_assert_num_queries(5):
        seat = seats.seat_of(clerk, TODAY)
        rows = list(desk.cases(clerk, "new", today=TODAY, seat=seat))
        tags = [progress.tag(case, TODAY) for case in rows]
        counts, colours = desk.counts(clerk, TODAY, queue="new", seat=seat)

    assert [tag.label for tag in tags] == ["剩 5 天"] * number
    assert counts == {
        "mine": number,
        "new": number,
        "corrected": 0,
        "to_review": 0,
        "to_confirm": 0,
        "paused": 0,
        "to_deliver": 0,
        "overdue": 0,
        "asked": 0,
    }
    assert {name: count for name, count in colours.items() if count} == {"left": number}


def test_each_post_has_its_queue_and_nobody_their_own_case():
    from cases.hall.queries import desk

    new, accepted, granted = submitted(), at("accepted"), at("granted", BIRTH)
    proposed = act(at("review"), "refuse", reason="理由")
    own = submitted(username="east_window")

    def mine(username, *posts):
        return {case.pk for case in desk.cases(actor(username, posts), "mine", today=TODAY)}

    assert mine("east_window", "window") == {new.pk, granted.pk}
    assert mine("east_approver", "approver") == {accepted.pk}
    assert mine("east_head", "head") == {proposed.pk}
    assert mine("east_staff", "branch_staff") == set()
    assert own.pk in {case.pk for case in desk.cases(actor("east_head", ["head"]), "all", today=TODAY)}


def test_the_earliest_due_stands_first_and_what_is_late_is_found():
    from cases.hall.queries import desk
    from cases.hall.queries.narrowing import Filters

    late = submitted(now=NOW - timedelta(days=14))
    young = submitted(now=NOW)
    draft(BIRTH)
    clerk = actor("east_window", ["window"])

    assert list(desk.cases(clerk, "new", today=TODAY)) == [late, young]
    assert list(desk.cases(clerk, "overdue", today=TODAY)) == [late]
    assert desk.next_due(clerk) == late.due_on
    assert list(desk.cases(clerk, "all", Filters(q="小餐馆", item=LICENCE), today=TODAY)) == [young, late]
