"""One-time correction: everything at once, nothing that was seen before, answered in a copy, handed in once."""

from datetime import date, timedelta

import pytest

from tests.cases.hall.making import NOW, act, actor, submitted, upload
from tests.cases.hall.services.test_lifecycle import in_order, texts
from tests.cases.hall.services.test_transition import everything, fresh

pytestmark = pytest.mark.usefixtures("in_east")

CARD = {"kind": "material", "key": "m1", "verdict": "unclear", "reason": "", "where": "四个角"}
MARRIAGE = {"kind": "material", "key": "m2", "verdict": "missing"}
SPOUSE = {"kind": "field", "key": "spouse", "verdict": "wrong", "reason": "和结婚证上的不一样"}


def asked(*points, now=NOW, case=None, **given):
    return act(case or submitted(), "request_correction", now, data={"points": list(points)}, **given)


def answer(case, now=NOW):
    from cases.hall.services import corrections, transition

    notice = corrections.current(case)
    for point in notice.points.order_by("position"):
        if point.kind == "material":
            corrections.add_file(case, material_key=point.key, upload=upload(f"新{point.key}.jpg"), actor=actor("lin"), now=now)  # fmt: skip
        else:
            corrections.save_answers(case, {point.key: "王五"}, actor=actor("lin"), now=now)
    return transition.apply(case, "resubmit", by=actor("lin"), now=now)


def test_a_notice_names_every_point_with_a_reason_and_where_to_look():
    case = asked(CARD, MARRIAGE, SPOUSE)

    points = case.corrections.get().points.order_by("position")
    assert [(p.kind, p.key, p.verdict, p.reason, p.where) for p in points] == [
        ("material", "m1", "unclear", "身份证看不清，请重新拍，四个角都要拍到。", "四个角"),
        ("material", "m2", "missing", "没有结婚证，请传一份。", ""),
        ("field", "spouse", "wrong", "和结婚证上的不一样", ""),
    ]
    event = case.events.get(action="request_correction")
    assert (event.data, event.document_no) == ({"n": 3}, "示(东)补正〔2026〕00001号")
    assert texts(case)[-1] == "轮到您：小餐馆许可要补3处材料，最晚3月23日。登录“我的办件”补。"
    in_order(case)


@pytest.mark.parametrize(
    ("point", "field"),
    [
        ({**CARD, "key": "m9"}, "material.m9"),
        ({**CARD, "verdict": "missing"}, "material.m1"),
        ({**MARRIAGE, "verdict": "wrong"}, "material.m2"),
        ({**CARD, "verdict": "ugly"}, "material.m1"),
        ({**SPOUSE, "key": "income"}, "field.income"),
    ],
)
def test_nothing_off_the_list_and_nothing_that_is_not_so_may_be_asked(point, field):
    from cases.hall.services.transition import DataNeeded

    case = submitted()
    before = everything(case)

    with pytest.raises(DataNeeded) as raised:
        asked(point, case=case)

    assert list(raised.value.fields) == [field]
    assert everything(case) == before


def test_a_notice_without_a_point_is_none():
    from cases.hall.services.transition import DataNeeded

    with pytest.raises(DataNeeded):
        asked()


def test_the_copy_is_not_sent_until_it_is_handed_in_whole_and_the_old_stays_beside_the_new():
    from cases.hall.services import attachments, corrections, transition

    case = asked(CARD, SPOUSE)
    old = attachments.current(case).get()
    corrections.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=NOW)
    before = everything(case)
    assert fresh(case).answers == {"spouse": "李四"}

    with pytest.raises(transition.DataNeeded) as raised:
        transition.apply(case, "resubmit", by=actor("lin"), now=NOW)
    assert list(raised.value.fields) == ["material.m1"]
    assert everything(case) == before

    corrections.add_file(case, material_key="m1", upload=upload("清楚.jpg"), actor=actor("lin"), now=NOW)
    assert attachments.current(case).get() == old
    case = transition.apply(case, "resubmit", by=actor("lin"), now=NOW + timedelta(days=1))

    case = fresh(case)
    assert (case.state, case.due_on, case.answers) == ("submitted", date(2026, 3, 10), {"spouse": "王五"})
    new = attachments.current(case).get()
    card, spouse = case.corrections.get().points.order_by("position")
    assert (card.before, card.after) == ({"files": [str(old.pk)]}, {"files": [str(new.pk)]})
    assert (spouse.before, spouse.after) == ({"value": "李四"}, {"value": "王五"})
    assert new.name == "清楚.jpg"
    in_order(case)


def test_a_value_that_was_not_changed_answers_nothing():
    from cases.hall.services import corrections, transition

    case = asked(SPOUSE)
    corrections.save_answers(case, {"spouse": "李四"}, actor=actor("lin"), now=NOW)

    with pytest.raises(transition.DataNeeded):
        transition.apply(case, "resubmit", by=actor("lin"), now=NOW)


def test_only_what_was_asked_for_goes_into_the_copy():
    from cases.hall.services import corrections

    case = asked(CARD)

    corrections.save_answers(case, {"spouse": "王五"}, actor=actor("lin"), now=NOW)
    with pytest.raises(corrections.NotAskedFor):
        corrections.add_file(case, material_key="m2", upload=upload(), actor=actor("lin"), now=NOW)

    assert corrections.current(case).answers == {}


def test_a_second_notice_names_only_what_the_first_named_unless_the_head_orders_more():
    from cases.hall.services import corrections

    case = answer(asked(CARD))
    before = everything(case)
    with pytest.raises(corrections.AlreadySeen, match="结婚证"):
        asked(CARD, MARRIAGE, case=case)
    assert everything(case) == before

    assert asked(CARD, case=case).state == "correction"
    case = answer(fresh(case))

    case = act(case, "order_correction", reason="县里来函要核实", data={"points": [MARRIAGE]})
    assert (case.state, case.corrections.latest("requested_at", "event__sequence").is_ordered) == (
        "correction",
        True,
    )
    assert case.events.get(action="order_correction").reason == "县里来函要核实"


def test_the_head_orders_nothing_before_there_was_a_notice():
    from cases.hall.services.transition import NotOpen

    with pytest.raises(NotOpen):
        act(submitted(), "order_correction", reason="理由", data={"points": [CARD]})


def test_a_notice_taken_back_keeps_its_text_and_the_halls_last_day():
    case = asked(CARD, now=NOW + timedelta(days=1))

    case = act(case, "cancel_correction", NOW + timedelta(days=3), reason="看错了")

    notice = case.corrections.get()
    assert (notice.points.get().reason, notice.cancelled_at) == (
        "身份证看不清，请重新拍，四个角都要拍到。",
        NOW + timedelta(days=3),
    )
    # received on 2 March: the hall answers by 9 March, as if it had not asked
    assert (case.state, case.due_on) == ("submitted", date(2026, 3, 9))
    in_order(case)


def test_a_notice_taken_back_too_late_is_deemed_accepted_at_the_next_sweep():
    from cases.hall.queries import facts

    case = asked(CARD)

    case = act(case, "cancel_correction", NOW + timedelta(days=11), reason="看错了")

    assert case.due_on == date(2026, 3, 13)
    assert facts.is_lapsed(case, date(2026, 3, 14))


def test_unsent_files_belong_to_no_other_case():
    from cases.hall.services import attachments, corrections

    case = asked(CARD)
    waiting = corrections.add_file(case, material_key="m1", upload=upload(), actor=actor("lin"), now=NOW)

    assert attachments.claim(submitted(), {"m1": [waiting.pk]}, actor=actor("lin")) == ["m1"]


def test_withdrawing_ends_the_notice_and_drops_what_was_not_sent():
    from cases.hall.services import corrections, transition

    case = asked(CARD)
    waiting = corrections.add_file(case, material_key="m1", upload=upload(), actor=actor("lin"), now=NOW)

    case = transition.apply(case, "withdraw", by=actor("lin"), now=NOW)

    waiting.refresh_from_db()
    assert (case.state, waiting.removed_at, corrections.current(case)) == ("withdrawn", NOW, None)
