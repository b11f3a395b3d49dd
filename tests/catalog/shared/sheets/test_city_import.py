"""A sheet into the city's catalogue: drafts for a second person, all or nothing, with every error in its place."""

import pytest

from tests.catalog.hall.sheets.making import csv_file, edit, exported, look, told, workbook, write
from tests.conftest import actor
from tests.template import BIRTH, LICENCE, NOW, REPORT

HEADERS = ["编码", "名称", "部门", "谁能办", "办件类型", "承诺时限"]
NEW = "34202300880000"


@pytest.fixture
def admin():
    return actor("city_admin")


@pytest.fixture
def other():
    from dataclasses import replace
    from uuid import uuid4

    return replace(actor("city_admin"), person_id=uuid4())


def drafts():
    from catalog.shared.models import SharedDraft
    from tenants.shared import scope

    with scope.city():
        return {draft.code: draft.fields for draft in SharedDraft.objects.order_by("code")}


def test_new_and_changed_items_become_drafts_that_another_publishes_together(tmp_path, admin, other, east):
    from catalog.hall.models import EffectiveItem
    from catalog.shared.models import SharedItem, SharedVersion
    from catalog.shared.services import items
    from catalog.shared.services.batches import NotAll
    from tenants.shared import scope

    path = workbook(
        tmp_path / "c.xlsx",
        事项=[
            HEADERS,
            [NEW, "新事项", "卫健委", "个人", "几天办好", 5],
            [LICENCE, "小餐馆许可", "市场监管局", "个人、企业都能办", "几天办好", 4],
        ],
        材料=[["编码", "名称", "必要性"], [NEW, "身份证", "必须交"], [NEW, "户口簿", "可不交"]],
    )
    outcome, _lines = look(path)
    assert (told(outcome), dict(outcome.counts), drafts()) == ([], {"new": 1, "changed": 1}, {})
    done = write(path, admin)
    assert done.revisions == {NEW: 1, LICENCE: 1}
    assert [row["name"] for row in drafts()[NEW]["materials"]] == ["身份证", "户口簿"]
    assert drafts()[LICENCE]["promised_days"] == 4
    # what is drafted already is nothing to do
    again, _lines = look(path)
    assert dict(again.counts) == {"same": 2}
    with scope.city():
        with pytest.raises(NotAll, match="谁编的谁不能发布"):
            items.approve_many(done.revisions, by=admin, now=NOW)
        assert SharedItem.objects.get(code=LICENCE).promised_days == 5
        published = items.approve_many(done.revisions, by=other, now=NOW)
        assert (published.published, published.left) == ([LICENCE, NEW], [])
        version = SharedVersion.objects.get(code=LICENCE, version=2)
        assert (version.changed, version.change, version.edited_by) == (
            ["promised_days"],
            "wider",
            admin.person_id,
        )
    assert drafts() == {}
    with scope.hall(east):
        assert EffectiveItem.objects.get(code=LICENCE).promised_days == 4


def test_a_draft_that_somebody_changed_after_the_import_is_left(tmp_path, admin, other):
    from catalog.shared.services import items
    from tenants.shared import scope

    path = workbook(tmp_path / "c.xlsx", 事项=[["编码", "咨询电话"], [LICENCE, "1"], [BIRTH, "2"]])
    done = write(path, admin)
    with scope.city():
        items.save(LICENCE, {"phone": "3"}, by=admin, now=NOW)
        published = items.approve_many(done.revisions, by=other, now=NOW)
    assert (published.published, published.left) == ([BIRTH], [LICENCE])


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([[NEW, "新事项", "卫健委", "个人", "几天办好", 5], [NEW, "又一个", "卫健委", "个人", "几天办好", 5]],
         [f"事项, 3, 编码: 编码 {NEW} 重复，第 2 行已经有了"]),
        ([["3420230088", "新事项", "卫健委", "个人", "几天办好", 5]], ["事项, 2, 编码: 事项编码要 14 位数字，现在是 10 位"]),
        ([["99202300880000", "新事项", "卫健委", "个人", "几天办好", 5]],
         ["事项, 2, 编码: 99202300880000 是分厅自己的事项（99 开头），不能导入全市目录"]),
        ([[NEW, "新事项", "卫健委", "谁都行", "几天办好", 5]],
         ["事项, 2, 谁能办: 只能从这些里选：个人、企业和组织、个人、企业都能办", "事项, 2, 谁能办: 这一项没有填"]),
        ([[LICENCE, "小餐馆许可", "市场监管局", "个人、企业都能办", "几天办好", 99]], ["事项, 2, 承诺时限: 承诺时限不能比法定时限长"]),
        ([[NEW, "新事项", "卫健委", "个人", "几天办好", "五天"]], ["事项, 2, 承诺时限: 要填 0 到 32767 的整数"]),
        ([[None, "新事项", "卫健委", "个人", "几天办好", 5]], ["事项, 2, 编码: 请填编码"]),
    ],
)  # fmt: skip
def test_an_error_is_told_with_sheet_row_and_column(tmp_path, admin, rows, errors):
    from catalog.shared.sheets.importing import NotWritten

    path = workbook(tmp_path / "c.xlsx", 事项=[HEADERS, *rows])
    outcome, _lines = look(path)
    assert [text for text in told(outcome) if "没有填" not in text or len(errors) > 1][
        : len(errors)
    ] == errors
    with pytest.raises(NotWritten):
        write(path, admin)


def test_one_bad_row_in_three_thousand_writes_nothing(tmp_path, admin):
    from catalog.shared.sheets.importing import NotWritten
    from tenants.shared import scope

    rows = [
        [f"342023{number:06d}00", f"事项{number}", "卫健委", "个人", "几天办好", 5]
        for number in range(1000, 4000)
    ]
    rows[1499][5] = "很快"
    path = csv_file(tmp_path / "many.csv", [HEADERS, *rows])
    with pytest.raises(NotWritten) as refused, scope.city():
        write_inside(path, admin)
    assert told(refused.value.outcome) == ["事项, 1501, 承诺时限: 要填 0 到 32767 的整数"]
    assert refused.value.outcome.counts["new"] == 2999
    assert drafts() == {}


def write_inside(path, by):
    from catalog.shared.sheets import importing
    from tests.catalog.hall.sheets.making import place

    return importing.write(place().planner(NOW), path, by=by, now=NOW, note="试")


def test_what_was_published_after_the_export_is_a_conflict(tmp_path, admin, other, change_city):
    path = edit(exported(tmp_path), (LICENCE, "咨询电话", "文件"))
    change_city(LICENCE, phone="现在")
    change_city(REPORT, phone="别处")
    outcome, lines = look(path)
    assert dict(outcome.counts) == {"same": 2, "conflict": 2}
    assert [(line.code, line.file, line.database, line.exported, line.text) for line in lines] == [
        (REPORT, "", "别处", "", "文件里没有改这一项"),
        (LICENCE, "文件", "现在", "", ""),
    ]
    done = write(path, admin, choose=lambda code, _field, _now: "file" if code == LICENCE else "database")
    assert ({code: fields["phone"] for code, fields in drafts().items()}, done.revisions) == (
        {LICENCE: "文件"},
        {LICENCE: 1},
    )


def test_a_draft_of_somebody_else_is_a_conflict(tmp_path, admin, other):
    from catalog.shared.services import items
    from tenants.shared import scope

    path = edit(exported(tmp_path), (LICENCE, "咨询电话", "文件"))
    with scope.city():
        items.save(LICENCE, {"phone": "草稿"}, by=other, now=NOW)
    _outcome, lines = look(path)
    assert [(line.kind, line.database) for line in lines] == [("conflict", "草稿")]
    unchanged, _lines = look(exported(tmp_path, None, "again.xlsx"))
    assert dict(unchanged.counts) == {"same": 4}
