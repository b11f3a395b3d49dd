"""A sheet into a hall: overrides as on the page, the policy's sentences, items of its own, adoption, conflicts."""

import pytest

from tests.catalog.hall.sheets.making import edit, exported, look, told, workbook, write
from tests.template import BIRTH, LICENCE, NOW

NEW_LOCAL = "99202300000100"


def overrides_of(hall):
    from catalog.hall.models import Override
    from tenants.shared import scope

    with scope.hall(hall):
        return {(row.code, row.field): row.value for row in Override.objects.order_by("id")}


def set_value(hall, code, field, value, by):
    from catalog.hall.services import overrides
    from tenants.shared import scope

    with scope.hall(hall):
        overrides.set_value(code, field, value, by=by, reason="试", now=NOW)


def test_changed_cells_become_overrides_with_the_reason(tmp_path, east, west, staff):
    path = edit(
        exported(tmp_path, east),
        (LICENCE, "咨询电话", "0500-7"),
        (LICENCE, "承诺时限", "3"),
        (LICENCE, "改动原因", "提速"),
    )
    path = edit(path, (LICENCE, "填报须知", "带原件"), sheet="材料")
    outcome, lines = look(path, east)
    assert (dict(outcome.counts), told(outcome)) == ({"same": 3, "changed": 1}, [])
    assert [(line.kind, line.code, line.text) for line in lines] == [
        ("changed", LICENCE, "承诺时限、咨询电话、材料")
    ]
    assert overrides_of(east) == {}
    write(path, staff, east)
    assert overrides_of(east) == {
        (LICENCE, "phone"): "0500-7",
        (LICENCE, "promised_days"): {"days": 3, "unit": "working"},
        (LICENCE, "materials.m1"): {"note": "带原件"},
    }
    assert overrides_of(west) == {}
    again, _lines = look(exported(tmp_path, east, "again.xlsx"), east)
    assert dict(again.counts) == {"same": 4}


def test_what_a_hall_may_not_change_is_told_with_sheet_row_and_column(tmp_path, east):
    path = edit(
        exported(tmp_path, east),
        (LICENCE, "名称", "别的名字"),
        (LICENCE, "承诺时限", 9),
        (LICENCE, "要跑几次", 2),
        (LICENCE, "改动原因", "试"),
    )
    path = edit(path, (LICENCE, "金额（元）", 30), sheet="收费")
    outcome, _lines = look(path, east)
    (row,) = {problem.row for problem in outcome.told if problem.sheet == "事项"}
    assert sorted(told(outcome)) == [
        f"事项, {row}, 名称: “名称”由市里统一，本厅不能改",
        f"事项, {row}, 承诺时限: 承诺时限不能比市里长（市里 5 个工作日）",
        f"事项, {row}, 要跑几次: 要跑的次数不能比市里多（市里 1 次）",
        "收费, 2, 收费项目: 收费不能比市里高（市里 20 元）",
    ]


def test_nothing_is_written_when_one_row_is_bad(tmp_path, east, staff):
    from catalog.shared.sheets.importing import NotWritten

    path = edit(
        exported(tmp_path, east),
        (BIRTH, "咨询电话", "0500-7"),
        (BIRTH, "改动原因", "试"),
        (LICENCE, "名称", "别的"),
    )
    with pytest.raises(NotWritten):
        write(path, staff, east)
    assert overrides_of(east) == {}


def test_a_change_without_a_reason_is_refused(tmp_path, east):
    outcome, _lines = look(edit(exported(tmp_path, east), (LICENCE, "咨询电话", "0500-7")), east)
    assert [(problem.column, problem.reason) for problem in outcome.told] == [("改动原因", "请写明为什么改")]


def test_the_citys_value_gives_the_field_back(tmp_path, east, staff):
    set_value(east, LICENCE, "address", "城西路", staff)
    write(edit(exported(tmp_path, east), (LICENCE, "地址", "城东路 1 号")), staff, east)
    assert overrides_of(east) == {}


def test_the_sheet_of_overrides_sets_and_gives_back_only_when_told(tmp_path, east, staff):
    set_value(east, LICENCE, "phone", "0500-1", staff)
    set_value(east, LICENCE, "hours", "周六", staff)
    path = exported(tmp_path, east)
    import openpyxl

    book = openpyxl.load_workbook(path)
    page = book["分厅改动"]
    # the row of hours goes: that gives nothing back
    assert page.cell(2, 4).value == "hours"
    page.delete_rows(2)
    page.cell(2, 8).value = "恢复"
    page.append([BIRTH, None, "注意事项", None, "带户口簿", None, "常有人问"])
    book.save(path)
    outcome, _lines = look(path, east)
    assert (told(outcome), dict(outcome.counts)) == ([], {"same": 2, "changed": 2})
    write(path, staff, east)
    assert overrides_of(east) == {(LICENCE, "hours"): "周六", (BIRTH, "notes"): "带户口簿"}


def test_the_citys_own_value_as_an_override_is_explained(tmp_path, east):
    path = workbook(
        tmp_path / "o.xlsx",
        分厅改动=[["编码", "改的是", "本厅的值", "改动原因"], [LICENCE, "地址", "城东路 1 号", "试"]],
    )
    outcome, _lines = look(path, east)
    assert told(outcome) == [
        "分厅改动, 2, 本厅的值: 和市里的一样，不用单独改；要还给市里，请在“操作”里写“恢复”"
    ]


def test_a_row_taken_out_of_the_materials_is_hidden_here(tmp_path, east, staff):
    import openpyxl

    path = edit(exported(tmp_path, east), (LICENCE, "改动原因", "系统能查到"))
    book = openpyxl.load_workbook(path)
    page = book["材料"]
    row = next(
        r
        for r in range(2, page.max_row + 1)
        if (page.cell(r, 1).value, page.cell(r, 3).value) == (LICENCE, "m2")
    )
    page.delete_rows(row)
    book.save(path)
    write(path, staff, east)
    assert overrides_of(east) == {(LICENCE, "materials.m2"): {"hidden": True}}


def test_a_material_cannot_be_added(tmp_path, east):
    path = workbook(tmp_path / "m.xlsx", 材料=[["编码", "键", "名称"], [LICENCE, None, "户口簿"]])
    outcome, _lines = look(path, east)
    assert told(outcome) == ["材料, 2, 名称: 市里的“材料”里没有这一条，本厅不能加"]


def test_a_value_changed_after_the_export_is_a_conflict_and_is_decided_by_row(tmp_path, east, staff):
    from catalog.shared.sheets.importing import NotWritten

    set_value(east, LICENCE, "phone", "0500-1", staff)
    path = edit(exported(tmp_path, east), (LICENCE, "咨询电话", "0500-2"), (LICENCE, "改动原因", "试"))
    set_value(east, LICENCE, "phone", "0500-3", staff)
    _outcome, lines = look(path, east)
    conflicts = [line for line in lines if line.kind == "conflict"]
    assert [
        (line.field, line.file, line.database, line.exported) for line in conflicts if line.sheet == "事项"
    ] == [("phone", "0500-2", "0500-3", "0500-1")]
    with pytest.raises(NotWritten):
        write(path, staff, east)
    write(path, staff, east, choose=lambda *_: "database")
    assert overrides_of(east) == {(LICENCE, "phone"): "0500-3"}
    write(path, staff, east, choose=lambda *_: "file")
    assert overrides_of(east) == {(LICENCE, "phone"): "0500-2"}


def test_an_export_of_the_other_hall_is_refused_by_name(tmp_path, east, west):
    from catalog.shared.sheets.marks import Foreign

    path = exported(tmp_path, west)
    with pytest.raises(Foreign, match=r"西县网上办事大厅.*不是本厅的"):
        look(path, east)
    with pytest.raises(Foreign, match=r"西县网上办事大厅.*不能导入全市目录"):
        look(path)
    with pytest.raises(Foreign, match=r"全市目录.*市级控制台"):
        look(exported(tmp_path, None, "city.xlsx"), east)


def test_a_local_item_becomes_a_draft_that_a_second_person_publishes_with_the_others(
    tmp_path, east, staff, second
):
    from catalog.hall.models import LocalItem
    from catalog.hall.services import local
    from catalog.shared.models import Offer
    from catalog.shared.services.batches import NotAll
    from tenants.shared import scope

    path = workbook(
        tmp_path / "l.xlsx",
        事项=[
            ["编码", "名称", "部门", "谁能办", "办件类型"],
            [NEW_LOCAL, "本地补贴", "卫健委", "个人", "当场办好"],
        ],
        步骤=[["编码", "步骤", "几天"], [NEW_LOCAL, "受理", 0]],
    )
    outcome = write(path, staff, east)
    assert (dict(outcome.counts), outcome.revisions) == ({"new": 1}, {NEW_LOCAL: 1})
    with scope.hall(east):
        with pytest.raises(NotAll, match="谁编的谁不能发布"):
            local.publish_many(outcome.revisions, by=staff, now=NOW)
        assert not LocalItem.objects.exists()
        done = local.publish_many(outcome.revisions, by=second, now=NOW)
        assert done.published == [NEW_LOCAL]
        assert LocalItem.objects.get().name == "本地补贴"
        assert Offer.objects.filter(hall_id=east.role, code=NEW_LOCAL).exists()
    again, _lines = look(exported(tmp_path, east), east)
    assert dict(again.counts) == {"same": 5}


def test_an_item_of_the_city_is_taken_by_the_sheet_of_adoption(tmp_path, east, staff):
    from catalog.hall.models import Adoption
    from catalog.shared.services import items
    from tenants.shared import scope
    from tests.template import ITEMS

    code = "34202300990000"
    with scope.city():
        items.load(
            [{"code": code, "department": "卫健委", "audience": "personal", **ITEMS[BIRTH]}],
            note="试",
            now=NOW,
        )
    refused, _lines = look(workbook(tmp_path / "n.xlsx", 事项=[["编码", "咨询电话"], [code, "0500"]]), east)
    assert told(refused) == [f"事项, 2, 编码: 本厅没有认领 {code}，要认领请写进“认领”表"]
    path = workbook(tmp_path / "a.xlsx", 认领=[["编码", "事项名称"], [code, "随便"]])
    outcome = write(path, staff, east)
    assert dict(outcome.counts) == {"new": 1}
    with scope.hall(east):
        assert Adoption.objects.filter(code=code).exists()
