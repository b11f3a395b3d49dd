"""当场更正: a small error put right at the window, with consent, both values kept, the applicant told."""

import pytest

from tests.cases.hall import making
from tests.cases.hall.views.conftest import text
from tests.template import NOW

SENT = {"value_year": "2020", "value_month": "5", "value_day": "21", "reason": "月日写反", "consent": "here"}


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def case(made):
    return made("submitted")


def test_an_answer_is_put_right_and_both_values_are_kept_out_of_the_log(case, window, inside):
    from cases.hall.models import Case, Mending

    address = f"/clerk/cases/{case.number}/mend/?field=married_on"
    answer = window.post(address, {**SENT, "seen": case.revision})

    assert answer["Location"] == f"/clerk/cases/{case.number}/?done=mend"
    with inside():
        after = Case.objects.get(pk=case.pk)
        assert after.answers == {"spouse": "李四", "married_on": "2020-05-21"}
        assert (after.state, after.due_on) == ("submitted", case.due_on)
        event = after.events.get(action="mend")
        assert (event.reason, event.data) == (
            "月日写反",
            {"field": "married_on", "label": "结婚日期", "consent": "here"},
        )
        row = Mending.objects.get()
        assert row.values == {"before": None, "after": "2020-05-21"}
        assert event.messages.get().text == "小餐馆许可的结婚日期，按您同意的更正了。"
    page = text(window.get(answer["Location"]))
    assert "<del>没填</del><ins>2020-05-21</ins>" in page


def test_the_applicant_reads_it_on_the_timeline(case, window, lin):
    window.post(f"/clerk/cases/{case.number}/mend/?field=married_on", {**SENT, "seen": case.revision})
    page = text(lin.get(f"/cases/{case.number}/"))
    assert "当场更正了一处" in page
    assert "结婚日期，您同意过" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"consent": ""}, "请选一种"),
        ({"reason": ""}, "哪里错了"),
        ({"value_month": "13"}, "没有这一天"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_written(changed, sentence, case, window, inside):
    page = text(
        window.post(
            f"/clerk/cases/{case.number}/mend/?field=married_on", {**SENT, "seen": case.revision, **changed}
        )
    )
    assert sentence in page
    with inside():
        assert case.events.count() == 1


def test_the_same_value_is_nothing_to_put_right(case, window, inside):
    for _ in range(2):
        page = text(window.post(f"/clerk/cases/{case.number}/mend/?field=married_on", SENT))
    assert "和原来一样，没有要改的" in page


@pytest.mark.parametrize("field", ["spouse", "invented"])
def test_a_name_is_never_put_right_here(field, case, window, inside):
    from cases.hall.services.refusals import DataNeeded

    assert window.get(f"/clerk/cases/{case.number}/mend/?field={field}").status_code == 404
    data = {"field": field, "value": "王五", "consent": "here"}
    with inside(), pytest.raises(DataNeeded) as refusal:
        making.act(case, "mend", username="east_window", reason="错字", data=data)
    assert "姓名和证件号不能" in refusal.value.fields["field"]


def test_after_acceptance_it_is_too_late(made, window):
    case = made("at", "accepted")
    answer = window.post(
        f"/clerk/cases/{case.number}/mend/?field=married_on", {**SENT, "seen": case.revision}
    )
    assert answer.status_code == 409
    assert "2020" in text(answer)


def test_without_a_field_the_answers_are_offered(case, window):
    page = text(window.get(f"/clerk/cases/{case.number}/mend/"))
    assert 'href="?field=married_on"' in page
    assert "field=spouse" not in page
    # and from the case itself
    assert f'href="/clerk/cases/{case.number}/mend/?field=married_on"' in text(
        window.get(f"/clerk/cases/{case.number}/")
    )
