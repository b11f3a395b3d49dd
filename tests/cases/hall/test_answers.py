"""What applicants answer, checked against the item's form."""

from datetime import date

import pytest

from cases.hall import answers

TOWNS = {"349901100"}
TODAY = date(2026, 3, 2)


def field(type, **given):
    return {"name": "x", "label": "名称", "type": type, "required": False, "choices": [], **given}


def one(type, raw, **given):
    found = answers.clean([field(type, **given)], {"x": raw}, divisions=TOWNS, today=TODAY)
    return found.errors.get("x") or ("ok", found.values["x"])


CHOICES = [{"value": "a", "label": "甲"}, {"value": 1, "label": "一"}]


@pytest.mark.parametrize(
    ("type", "raw", "value"),
    [
        ("text", "  李四 ", "李四"),
        ("text", "a\x00b\u202ec", "abc"),
        ("number", "3", 3),
        ("number", 3, 3),
        ("number", "2.5", 2.5),
        ("number", "-0.0001", -0.0001),
        ("date", "2026-2-5", "2026-02-05"),
        ("date", date(2026, 2, 5), "2026-02-05"),
        ("choice", "a", "a"),
        ("choice", 1, "1"),
        ("division", "349901100", "349901100"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("phone", "138 0013-8000", "13800138000"),
        ("phone", "0500-1234567", "05001234567"),
        ("yes_no", True, True),
        ("yes_no", "no", False),
        ("yes_no", "是", True),
    ],
)
def test_a_good_value_is_kept_in_one_form(type, raw, value):
    assert one(type, raw, choices=CHOICES) == ("ok", value)


@pytest.mark.parametrize(
    ("type", "raw", "error"),
    [
        ("text", "字" * 501, "最多 500 个字"),
        ("text", {"a": 1}, "请填名称"),
        ("number", "三", "请填数字，例如 3"),
        ("number", True, "请填数字，例如 3"),
        ("number", "NaN", "请填数字，例如 3"),
        ("number", "1e999999999", "数太大了，最多 12 位"),
        ("number", "1.00001", "最多 4 位小数"),
        ("date", "2026-02-30", "没有这一天，例如 2026 年 3 月 12 日"),
        ("date", "0026-02-03", "没有这一天，例如 2026 年 3 月 12 日"),
        ("date", 20260203, "没有这一天，例如 2026 年 3 月 12 日"),
        ("choice", "b", "请选一种"),
        ("choice", ["a"], "请选一种"),
        ("division", "999999999", "没有这个乡镇或街道，请重新选"),
        ("id_number", "1101051949123100", "身份证号要 18 位，现在是 16 位"),
        ("id_number", "110105194912310021", "最后一位不对，请对照证件再看一遍"),
        ("phone", "12345", "手机号要 11 位，以 1 开头"),
        ("yes_no", "maybe", "请选一种"),
    ],
)
def test_a_bad_value_says_what_to_do(type, raw, error):
    assert one(type, raw, choices=CHOICES) == error


@pytest.mark.parametrize(
    ("type", "error"), [("text", "请填名称"), ("yes_no", "请选一种"), ("choice", "请选一种")]
)
@pytest.mark.parametrize("raw", [{}, {"x": ""}, {"x": "  "}, {"x": None}])
def test_what_is_required_must_be_there_when_it_is_submitted(type, error, raw):
    form = [field(type, required=True)]

    assert answers.clean(form, raw, divisions=TOWNS, today=TODAY) == ({}, {"x": error})
    assert answers.clean(form, raw, divisions=TOWNS, today=TODAY, is_draft=True) == ({}, {})


@pytest.mark.parametrize(
    ("offered", "raw", "values", "errors"),
    [
        ([], None, {"method": "window"}, {}),
        (["ems", "window"], "window", {"method": "window"}, {}),
        (["window"], {"value": "window"}, {"method": "window"}, {}),
        (["window"], "ems", {}, {"method": "请选一种"}),
        (["ems"], {"method": "ems"}, {"method": "ems"}, {"address": "请填收件地址"}),
        (
            ["ems"],
            {"method": "ems", "address": " 东街 1 号 ", "phone": "1", "recipient": "字" * 201},
            {"method": "ems", "address": "东街 1 号"},
            {"phone": "手机号要 11 位，以 1 开头", "recipient": "最多 200 个字"},
        ),
    ],
)
def test_a_way_of_delivery_must_be_offered_and_complete(offered, raw, values, errors):
    assert answers.clean_delivery(offered, raw) == (values, errors)


def test_only_what_is_needed_must_be_handed_in():
    materials = [
        {"key": "a", "name": "身份证", "necessity": "required"},
        {"key": "b", "name": "照片", "necessity": "optional"},
        {"key": "c", "name": "证明", "necessity": "later"},
        {"key": "d", "name": "户口簿", "necessity": "required", "exempt": True},
        {"key": "e", "name": "结婚证", "necessity": "required"},
    ]

    assert answers.missing_materials(materials, {"e"}) == {"a": "请上传身份证"}
