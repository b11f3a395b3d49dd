"""现成的话: written with a check, offered in every step that asks a reason and in each verdict, with and without scripts."""

import pytest

from tests.cases.hall.views.conftest import text
from tests.template import LICENCE, NOW


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def editor(east, hall_client):
    return hall_client(east, "east_staff")


@pytest.fixture
def said(inside):
    """``said(text, step=…)``: a text of the hall's; its key."""
    from cases.hall.services import reason_texts
    from tests.conftest import actor

    def make(words, name="名", **place):
        with inside():
            wanted = reason_texts.Wanted(name, words, **place)
            return reason_texts.save(wanted, by=actor("east_staff"), now=NOW).pk

    return make


def test_a_text_is_added_changed_and_removed(editor, inside):
    from cases.hall.models import ReasonText

    given = {"place": "step:not_accept", "item_code": "", "name": "别处办", "text": "{事项}归别处办。"}
    assert editor.post("/staff/reasons/new/", given)["Location"] == "/staff/reasons/?done=saved"
    with inside():
        pk = ReasonText.objects.get().pk
    editor.post(f"/staff/reasons/{pk}/", given | {"text": "{事项}归县里办。"})
    assert "{事项}归县里办。" in text(editor.get("/staff/reasons/"))
    assert editor.post(f"/staff/reasons/{pk}/remove/")["Location"] == "/staff/reasons/?done=removed"
    assert "归县里办" not in text(editor.get("/staff/reasons/"))
    # its name is free again
    assert editor.post("/staff/reasons/new/", given).status_code == 302


@pytest.mark.parametrize(
    ("place", "words", "sentence"),
    [
        ("step:not_accept", "{申请人}您好", "没有“{申请人}”"),
        ("step:not_accept", "{材料}不对", "没有“{材料}”"),
        ("verdict:wrong", "{材料!r}", "没有“{材料}”"),
        ("verdict:wrong", "{材料.__class__}", "大括号里只能写"),
        ("step:not_accept", "{事项", "大括号不成对"),
        ("step:not_accept", "事项}", "大括号不成对"),
        ("step:not_accept", "{}", "大括号里只能写"),
        ("step:accept", "话", "请选用在哪里"),
    ],
)
def test_a_name_in_braces_that_is_none_is_refused(place, words, sentence, editor, inside):
    from cases.hall.models import ReasonText

    answer = editor.post("/staff/reasons/new/", {"place": place, "name": "名", "text": words})
    assert answer.status_code == 422
    assert sentence in text(answer)
    with inside():
        assert not ReasonText.objects.exists()


def test_two_of_one_name_in_one_place_and_an_item_that_is_none_are_refused(editor, said):
    said("话", step="not_accept")
    given = {"place": "step:not_accept", "name": "名", "text": "另一段"}
    assert "这里已经有一段叫" in text(editor.post("/staff/reasons/new/", given))
    answer = editor.post("/staff/reasons/new/", given | {"name": "新", "item_code": "34000000000000"})
    assert "没有这个事项" in text(answer)


def test_a_step_offers_its_texts_filled_and_the_button_puts_one_into_the_reason(made, window, said, inside):
    said("{事项}归别处办，编号{编号}。", step="not_accept")
    mine = said("这个事项要到现场。", name="本事项", step="not_accept", item_code=LICENCE)
    said("别的事项的话", name="别的", step="not_accept", item_code="34202300100000")
    said("别的步的话", name="别步", step="terminate")
    case = made("submitted")
    address = f"/clerk/cases/{case.number}/not_accept/"

    page = text(window.get(address))
    assert f'data-text="小餐馆许可归别处办，编号{case.number}。"' in page
    assert page.index("本事项") < page.index(">名<")
    assert "别的事项的话" not in page
    assert "别的步的话" not in page

    sent = {"reason": "先写的。", "competent": "县局", "text": str(mine), "use": "1", "seen": case.revision}
    page = text(window.post(address, sent))
    assert "先写的。\n这个事项要到现场。</textarea>" in page
    assert 'value="县局"' in page
    assert 'id="errors"' not in page
    assert f'name="seen" value="{case.revision}"' in page
    with inside():
        assert case.events.count() == 1


def test_a_verdict_offers_its_texts_and_the_button_fills_reason_and_verdict(made, window, said):
    pk = said("{材料}看不清，请重拍。", verdict="unclear")
    said("没有{材料}。", verdict="missing")
    case = made("submitted")
    address = f"/clerk/cases/{case.number}/request_correction/"
    page = text(window.get(address))
    # the paper that is there cannot be missing, the one that is not can be nothing else
    assert 'data-text="身份证看不清，请重拍。"' in page
    assert 'data-text="没有身份证。"' not in page
    assert 'data-text="没有结婚证。"' in page

    page = text(
        window.post(
            address,
            {
                "use": "material__m1",
                "material__m1__text": str(pk),
                "material__m2__reason": "别的地方写了一半",
                "seen": case.revision,
            },
        )
    )
    assert "身份证看不清，请重拍。</textarea>" in page
    assert 'value="unclear" checked' in page
    assert "别的地方写了一半</textarea>" in page


def test_the_citys_texts_come_once_and_what_was_removed_stays_away(inside):
    from cases.hall.models import ReasonText
    from cases.hall.services import reason_texts
    from tests.conftest import actor

    rows = [{"step": "refuse", "verdict": "", "item_code": "", "name": "名", "text": "话"}]
    with inside():
        assert reason_texts.load(rows, now=NOW) == 1
        reason_texts.remove(ReasonText.objects.get(), by=actor("east_staff"), now=NOW)
        assert reason_texts.load(rows, now=NOW) == 0
        assert not ReasonText.objects.filter(removed_at=None).exists()


def test_every_text_of_the_city_that_is_delivered_is_good():
    import csv
    from pathlib import Path

    from cases.hall.services import reason_texts

    with Path("fixtures/bozhou/reasons.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["step"] for row in rows} - {""} <= set(reason_texts.STEPS)
    for row in rows:
        reason_texts.check(reason_texts.Wanted(**row), ())
    died = next(row for row in rows if row["name"] == "申请人去世")
    assert "民法典第十三条" in died["text"]
