"""``export_items`` and ``import_items``: what they print, how they end, who signs."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.catalog.hall.sheets.making import edit, workbook
from tests.template import LICENCE, PERSON_ID


def call(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=err)
    return out.getvalue().strip()


def test_a_hall_out_and_in_again_is_nothing_to_do(tmp_path, east):
    path = tmp_path / "east.xlsx"
    assert call("export_items", "--hall", "east", path) == f"{path}：4 项"
    said = "新增 new 0，改动 changed 0，一样 same 4，冲突 conflict 0；没有要做的 (nothing to do)"
    assert call("import_items", "--hall", "east", path) == said


def test_a_dry_run_writes_nothing_and_a_run_names_who_signs(tmp_path, east):
    from catalog.hall.models import Override
    from tenants.shared import scope

    path = tmp_path / "east.xlsx"
    call("export_items", "--hall", "east", path)
    edit(path, (LICENCE, "咨询电话", "0500-7"), (LICENCE, "改动原因", "试"))
    assert call("import_items", "--hall", "east", path, "--dry-run").startswith(
        "新增 new 0，改动 changed 1，一样 same 3"
    )
    with scope.hall(east):
        assert not Override.objects.exists()
    call("import_items", "--hall", "east", path)
    with scope.hall(east):
        assert Override.objects.get().person_name == "系统（命令行）"
    edit(path, (LICENCE, "咨询电话", "0500-8"))
    call("import_items", "--hall", "east", path, "--take", "file", "--as", "east_staff")
    with scope.hall(east):
        assert Override.objects.get().person == PERSON_ID["east_staff"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["export_items", "--hall", "nowhere", "x.xlsx"], "no hall nowhere"),
        (["export_items", "x.pdf"], "ends in .xlsx or .csv"),
        (["import_items", "nowhere.xlsx"], "no file at nowhere.xlsx"),
        (["import_items", __file__, "--as", "nobody"], "no person nobody"),
        (["import_items", __file__, "--as", "east_staff"], "may not change the city's catalogue"),
        (["import_items", __file__, "--hall", "east", "--as", "west_staff"], "may not change items of east"),
        (["import_items", __file__], "没有找到能导入的表"),
    ],
)
def test_a_mistake_is_one_line_and_an_end_with_an_error(arguments, line):
    with pytest.raises(CommandError, match=line):
        call(*arguments)


def test_errors_are_told_line_by_line(tmp_path, east):
    path = workbook(tmp_path / "a.xlsx", 事项=[["编码", "承诺时限", "改动原因"], [LICENCE, 9, "试"]])
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 处有错，什么也没有写"):
        call_command("import_items", "--hall", "east", str(path), stdout=io.StringIO(), stderr=err)
    assert err.getvalue().strip() == "事项, 2, 承诺时限: 承诺时限不能比市里长（市里 5 个工作日）"


def test_a_csv_of_one_sheet_comes_back(tmp_path, east):
    path = tmp_path / "m.csv"
    assert call("export_items", path, "--sheet", "材料").endswith("：8 行")
    assert "same 4" in call("import_items", path)
