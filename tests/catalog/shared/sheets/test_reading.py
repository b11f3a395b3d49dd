"""Files as Excel, WPS and programs leave them, and files that are none."""

import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalog.hall.sheets.making import csv_file, exported, look, told, workbook
from tests.template import LICENCE, NOW

LINE = ["编码", "咨询电话"]


def changed(path):
    outcome, lines = look(path)
    assert told(outcome) == []
    return [(line.code, line.text) for line in lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_csv_in_any_of_the_usual_codes(tmp_path, encoding):
    path = csv_file(tmp_path / "a.csv", [["编码", "注意事项"], [LICENCE, "带原件，别忘了"]], encoding)
    assert changed(path) == [(LICENCE, "注意事项")]


def test_titles_above_the_header_blank_rows_and_columns_and_an_odd_sheet_name(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        **{
            " 事 项 ": [
                ["某县事项表"],
                [],
                [None, "编　码*", " 咨询电话（必填）", None],
                [None, LICENCE, "0500", None],
                [],
                [None, " ", None],
                [None],
            ]
        },
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("A1:D1")
    book.save(path)
    assert changed(path) == [(LICENCE, "咨询电话")]


@pytest.mark.parametrize(
    "code", [int(LICENCE), float(LICENCE), f" {LICENCE} ", "３４０１３１００２０００００"]
)
def test_a_code_as_number_or_with_blanks_or_wide_digits_is_the_code(tmp_path, code):
    assert changed(workbook(tmp_path / "a.xlsx", 事项=[LINE, [code, "0500"]])) == [(LICENCE, "咨询电话")]


def test_leading_zeros_that_a_number_lost_are_put_back(tmp_path):
    outcome, lines = look(
        workbook(
            tmp_path / "a.xlsx",
            事项=[
                ["编码", "名称", "部门", "谁能办", "办件类型"],
                [10400200000, "国家的", "发改委", "个人", "当场办好"],
            ],
        )
    )
    assert (told(outcome), [line.code for line in lines]) == ([], ["00010400200000"])


def test_a_code_in_scientific_notation_is_refused(tmp_path):
    outcome, _lines = look(csv_file(tmp_path / "a.csv", [LINE, ["3.40131E+13", "1"]]))
    assert outcome.told[0].reason.startswith("编码变成了科学计数法")


@pytest.mark.parametrize("day", [date(2026, 5, 1), 46143, "2026/5/1", "2026年5月1日", "20260501"])
def test_a_day_in_any_form(tmp_path, day):
    from catalog.shared.sheets.kinds import items

    assert items(of_hall=False).column("effective_to").widget.clean(day) == "2026-05-01"
    outcome, lines = look(workbook(tmp_path / "a.xlsx", 事项=[["编码", "停用日期"], [LICENCE, day]]))
    assert (told(outcome), [line.text for line in lines]) == ([], ["停用日期"])


def test_a_formula_is_refused_where_it_stands(tmp_path):
    outcome, _lines = look(workbook(tmp_path / "a.xlsx", 事项=[LINE, [LICENCE, "=1+1"]]))
    assert [(problem.row, problem.column) for problem in outcome.told] == [(2, "咨询电话")]
    assert "公式" in outcome.told[0].reason


def test_a_formula_in_somebodys_own_column_is_nothing_to_us(tmp_path):
    assert changed(workbook(tmp_path / "a.xlsx", 事项=[[*LINE, "我的备注"], [LICENCE, "0500", "=1+1"]])) == [
        (LICENCE, "咨询电话")
    ]


def refused(path):
    from catalog.shared.sheets.zipped import Unreadable

    with pytest.raises(Unreadable) as refusal:
        look(path)
    return str(refusal.value)


def test_a_zip_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert "展开后太大" in refused(path)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "lie.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b"0" * 3_000_000)
    raw = path.read_bytes()
    path.write_bytes(raw.replace((3_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))
    assert "展开后太大" in refused(path)


def test_a_sheet_whose_last_cell_is_far_out_is_refused(tmp_path):
    path = workbook(tmp_path / "a.xlsx", 事项=[LINE, [LICENCE, "1"]])
    book = openpyxl.load_workbook(path)
    book["事项"]["XFD190000"] = "x"
    book.save(path)
    assert "表太大了" in refused(path)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0rest", "旧格式"),
        (b"\x00\x01\x02 binary", "两样都不是"),
        (b"PK\x03\x04 torn", "打不开"),
        ("随便,写的\n一,二".encode(), "没有找到能导入的表"),
    ],
)
def test_what_is_no_sheet_is_told(tmp_path, content, sentence):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert sentence in refused(path)


def test_the_template_with_its_example_is_nothing_to_do(tmp_path):
    from catalog.shared.sheets import kinds
    from catalog.shared.sheets.template import write_template

    path = tmp_path / "t.xlsx"
    write_template(path, kinds.book(of_hall=False))
    outcome, lines = look(path)
    assert (told(outcome), dict(outcome.counts), lines) == ([], {}, [])
    page = openpyxl.load_workbook(path)["事项"]
    assert [
        str(each.sqref) for each in page.data_validations.dataValidation if "行政许可" in each.formula1
    ] != []
    assert page["A1"].comment.text == "14 位。按文本填，前面的 0 不要丢。"


TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)
TRICKY = st.sampled_from(
    [
        "=1+1",
        "'=x",
        "''",
        '"',
        "a\r\nb",
        "\t=1",
        "@x",
        "-1",
        "+86",
        "_x000D_",
        "_x005F_x000D_",
        " 两边 ",
        "a，b；c、d",
        "\n",
        '["x"]',
        "真",
        "1.50",
        "2026-01-02",
    ]
)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.one_of(TEXT, TRICKY), min_size=4, max_size=4))
def test_every_text_comes_back_as_nothing_to_do(tmp_path, form, texts):
    """Whatever a text is: it never becomes a formula, and its own sheet changes nothing."""
    from catalog.shared.models import SharedItem
    from catalog.shared.sheets import kinds
    from tenants.shared import scope
    from tests.catalog.hall.sheets.making import place

    notes, phrase, alias, condition = texts
    with scope.city():
        SharedItem.objects.filter(code=LICENCE).update(
            notes=notes, phone=phrase[:60], aliases=[alias, "另一个"], conditions=[condition, "第二条"],
            faq=[{"key": "q1", "question": phrase or "问", "answer": notes or "答"}],
        )  # fmt: skip
    path = tmp_path / f"t.{form}"
    book = kinds.book(of_hall=False)
    for kind in [None] if form == "xlsx" else [book[0], next(kind for kind in book if kind.key == "faq")]:
        with scope.city():
            place().write(path, NOW, kind=kind)
        outcome, lines = look(path)
        assert [text for text in told(outcome) if "faq" not in text and "常见问题" not in text] == []
        assert [line.text for line in lines] == []
        if form == "xlsx":
            cells = [
                cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row
            ]
            assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        else:
            text = path.read_text(encoding="utf-8-sig")
            assert not any(
                cell.startswith(("=", "+", "-", "@"))
                for line in text.splitlines()
                for cell in line.split(",")
            )


def test_an_export_names_whose_it_is_and_when(tmp_path, east):
    page = openpyxl.load_workbook(exported(tmp_path, east))["说明"]
    assert [[cell.value for cell in row] for row in page.iter_rows(max_row=2)] == [
        ["导出自", "东县网上办事大厅"],
        ["导出时间", "2026-03-02T10:00"],
    ]
