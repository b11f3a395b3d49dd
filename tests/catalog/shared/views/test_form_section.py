"""The page on which an item's form is edited, and how those who apply will see it."""

import pytest

from catalog.shared.models import SharedItem
from tenants.shared import scope
from tests.catalog.shared.views.test_items import client, draft, form_of, text  # noqa: F401 -- the same page
from tests.template import LICENCE

PATH = f"/city/items/{LICENCE}/edit/?section=form"
PREVIEW = f"/city/items/{LICENCE}/form/"


def row(name, label, kind, **more):
    return {
        "name": name,
        "label": label,
        "type": kind,
        "required": True,
        "choices": [],
        "section": "",
        "hint": "",
        **more,
    }


FORM = [
    row("has_children", "有没有孩子", "yes_no"),
    row(
        "children",
        "孩子",
        "group",
        entry="孩子",
        fewest=1,
        when={"question": "has_children", "values": ["yes"]},
    ),
    row("child", "孩子姓名", "text", group="children"),
]


@pytest.fixture
def _stored():
    with scope.city():
        SharedItem.objects.filter(code=LICENCE).update(form=FORM)


@pytest.mark.usefixtures("_stored")
def test_a_page_that_nobody_changed_stores_nothing(client):  # noqa: F811
    answer = client.post(PATH, form_of(client.get(PATH)))

    assert answer["Location"].endswith("?saved=same")
    assert draft() is None


@pytest.mark.usefixtures("_stored")
def test_a_condition_is_ticked_among_the_answers_of_earlier_questions(client):  # noqa: F811
    page = text(client.get(PATH))
    assert page.count('value="has_children=no"') == 2
    sent = form_of(client.get(PATH))
    assert sent["form-1-when"] == ["has_children=yes"]
    sent |= {
        "form-rows": "4",
        "form-3-name": "plan",
        "form-3-label": "打算",
        "form-3-type": "text",
        "form-3-when": ["has_children=no"],
    }

    client.post(PATH, sent)

    assert draft().fields["form"][3] == {
        "name": "plan", "label": "打算", "type": "text", "when": {"question": "has_children", "values": ["no"]},
    }  # fmt: skip
    compared = text(client.get(f"/city/items/{LICENCE}/compare/?a=live&b=draft"))
    assert "要填的表：打算" in compared
    assert "什么时候问 has_children 答 no 时" in compared


@pytest.mark.usefixtures("_stored")
def test_buttons_of_rows_keep_conditions_and_groups(client):  # noqa: F811
    moved = text(client.post(PATH, form_of(client.get(PATH)) | {"act": "form:add:3"}))

    assert 'name="form-1-when" id="id_form-1-when_0" value="has_children=yes" checked' in moved
    assert 'name="form-2-group" id="id_form-2-group_1" value="children" checked' in moved
    assert 'name="form-3-name"' in moved


@pytest.mark.usefixtures("_stored")
def test_the_preview_shows_what_is_typed_and_not_saved(client):  # noqa: F811
    sent = form_of(client.get(PATH)) | {"form-2-label": "孩子叫什么"}
    page = text(client.post(PREVIEW, sent))

    assert "第 2 页：孩子" in page
    assert "孩子叫什么" in page
    assert "孩子叫什么" not in text(client.get(PREVIEW))
    assert draft() is None
    wrong = text(client.post(PREVIEW, sent | {"form-2-label": ""}), 422)
    assert "先把这几处改好" in wrong


@pytest.mark.usefixtures("_stored")
def test_the_preview_can_be_tried_out(client):  # noqa: F811
    import re
    from html import unescape

    page = text(client.get(PREVIEW))
    carried = unescape(
        re.search(r'name="definition" value="([^"]*)"', client.get(PREVIEW).content.decode())[1]
    )
    assert "第 1 页" in page

    more = text(
        client.post(
            PREVIEW,
            {"definition": carried, "has_children": "yes", "children.rows": "1", "act": "children:add:1"},
        )
    )
    assert 'name="children.rows" value="2"' in more
    short = text(client.post(PREVIEW, {"definition": carried, "has_children": "", "children.rows": "1"}))
    assert '<a href="#id_has_children_0">' in short
    for broken in ("{", '[{"name": "x"}]', '{"a": 1}'):
        assert client.post(PREVIEW, {"definition": broken}).status_code == 404


def test_the_sheet_carries_conditions_and_groups_there_and_back():
    from catalog.shared.sheets import kinds

    sheet = kinds.of_list("form")
    for question in FORM:
        for column in sheet.columns:
            if column.attribute in question:
                cell = column.widget.render(question[column.attribute])
                assert (column.widget.clean(cell) or None) == (question[column.attribute] or None)
    condition = sheet.column("when").widget
    assert condition.clean("has_children=yes、no") == {"question": "has_children", "values": ["yes", "no"]}
    strange = {"question": "q", "values": ["a、b", "c=d"]}
    assert condition.clean(condition.render(strange)) == strange
    for wrong in ("has_children", "=yes", "有=是", '{"question": "q"}'):
        with pytest.raises(ValueError, match="marriage=first、again"):
            condition.clean(wrong)
