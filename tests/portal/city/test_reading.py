"""A city's folder: what a row becomes, and how every kind of fault is told with its place."""

from pathlib import Path

import pytest

from portal.city.reading import read_city
from portal.city.source import BadData
from tests.portal.city import small

LICENCE, VARIANT, BIRTH, WINDOW = "35013100100000", "35013100100001", "35202300100000", "35012300200000"


@pytest.fixture
def folder(tmp_path):
    return small.write(tmp_path)


def change(folder, name, old, new):
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder):
    with pytest.raises(BadData) as caught:
        read_city(folder)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "place", sorted((Path(__file__).parents[3] / "fixtures").iterdir()), ids=lambda place: place.name
)
def test_each_city_of_the_repository_is_whole_and_has_as_many_items_as_it_says(place):
    city = read_city(place)

    assert sum(city.online(hall["key"]) for hall in city.halls) == city.facts["online_items"]
    assert all(len(city.overrides[hall["key"]]) >= 20 for hall in city.halls)
    assert all(len(city.local[hall["key"]]) >= 3 for hall in city.halls)
    assert all(item["form"] for item in city.items.values() if item["can_apply"])


def test_halls_take_items_by_level_and_zones_by_rule(folder):
    city = read_city(folder)

    assert city.adopted == {"north": [BIRTH, LICENCE, WINDOW, VARIANT], "south": [LICENCE, VARIANT]}
    # the window item counts in north alone, where the hall offers booking; south hides the variant
    assert (city.online("north"), city.online("south")) == (5, 1)


def test_promised_days_are_shared_out_among_the_steps(folder):
    item = read_city(folder).items[LICENCE]

    assert [(step["key"], step["days"]) for step in item["steps"]] == [
        ("apply", 0),
        ("review", 7),
        ("decide", 3),
    ]


def test_variant_keeps_what_is_not_its_own(folder):
    parent, variant = (read_city(folder).items[code] for code in (LICENCE, VARIANT))

    assert (variant["name"], variant["promised_days"], variant["statutory_days"]) == (
        "开店许可（变更）",
        5,
        20,
    )
    assert variant["result_name"] == parent["result_name"]
    assert (len(parent["fees"]), variant["fees"], variant["special_procedures"]) == (1, [], [])
    assert [field["name"] for field in variant["form"]] == ["note"]


def test_papers_are_exempt_optional_or_late(folder):
    items = read_city(folder).items

    def paper(code, key):
        return next(row for row in items[code]["materials"] if row["key"] == key)

    assert (
        paper(BIRTH, "marriage_certificate")["necessity"],
        paper(BIRTH, "marriage_certificate")["note"],
    ) == ("optional", "没有就不交")
    assert paper(LICENCE, "application_form")["exempt_by"] == "网上填表"
    # at the window the form is a paper like the others
    assert paper(WINDOW, "application_form")["exempt"] is False
    # a paper may not come later than the decision is due
    assert (paper(LICENCE, "rules")["necessity"], paper(LICENCE, "rules")["grace_days"]) == ("later", 10)
    assert items[LICENCE]["tolerance_allowed"] is True


def test_legal_basis_is_taken_apart(folder):
    rows = read_city(folder).items[LICENCE]["legal_basis"]

    assert [(row["law"], row["article"], row["document"]) for row in rows] == [
        ("示例法", "第二条", ""),
        ("国办发〔2026〕1号", "", "国办发〔2026〕1号"),
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("items.csv", "2023001000,", "202300100,", "items.csv:2: code_suffix:"),
        ("items.csv", "limit_note,demonstration", "limit_note,demonstratoin", "items.csv:1: demonstratoin:"),
        ("items.csv", "生育收养,出生,,working", "生肖,出生,,working", "items.csv:2: theme:"),
        ("items.csv", "0131001000,开店许可,01,市场监管局", "0131001000,开店许可,01,市场局", "items.csv:3: department:"),
        ("items.csv", "20,working,10,working", "7,working,10,working", "items.csv:3: promised_days:"),
        # 20 working days are 28 natural ones
        ("items.csv", "30,natural,20,working", "27,natural,20,working", "items.csv:4: promised_days:"),
        ("items.csv", "0123002000,窗口核对", "0131001000,窗口核对", "items.csv:4: code_suffix:"),
        ("items.csv", "身份证;结婚证?", "身份证;出生证", "items.csv:2: materials:"),
        ("items.csv", "申请表;身份证,核对结果", "申请表;身份证,核对结果,多一列", "items.csv:4: -:"),
        ("variants.csv", "0131001000,01", "0131001000,00", "variants.csv:2: serial:"),
        ("fees.csv", "示例收费文件", "", "fees.csv:2: basis:"),
        ("divisions.csv", ",north,", ",west,", "divisions.csv:2: hall:"),
        ("calendar.csv", "2026-03-02,1,,no\n", "", "calendar.csv:62: date:"),
        ("calendar.csv", "2026-03-02,1,,no", "2026-03-02,0,,no", "calendar.csv:62: is_workday:"),
        ("people.yaml", small.ID_B, "110105194912310021", "people.yaml:2: id_number:"),
        ("people.yaml", small.PASSWORD, "short", "people.yaml:2: password:"),
        ("people.yaml", "post: \"head\"", "post: \"window\"", "people.yaml:2: post:"),
        ("companies.yaml", small.USCC, "91349910TEXTA00110", "companies.yaml:1: uscc:"),
        ("halls.yaml", "key: south", "key: north", "halls.yaml:16: key:"),
        ("halls.yaml", "short_name:", "short_nam:", "halls.yaml:1: short_nam:"),
        ("completion.yaml", "when: {name_has: [开店]}", "when: {nam_has: [开店]}", "when.nam_has:"),
        ("forms.yaml", "form: plain", "form: plian", "items.csv:2: form:"),
        ("forms.yaml", "  note: {", "  town: {", "forms.yaml:4: -:"),
        ("overrides.yaml", "value: 6", "value: 11", "overrides.yaml:2: promised_days:"),
        ("overrides.yaml", "north_branch_staff", "south_branch_staff", "overrides.yaml:2: author:"),
        ("overrides.yaml", "field: promised_days", "field: name", "overrides.yaml:2: name:"),
        ("local_items.yaml", '"99203100100000"', '"34203100100000"', "local_items.yaml:12: code:"),
        ("details.yaml", "35202300100000", "35202300100099", "details.yaml:1: 35202300100099:"),
        ("cases.yaml", "kind: a", "kind: c", "cases.yaml:1: answers.kind:"),
        ("cases.yaml", "action: complete", "action: finish", "cases.yaml:8: action:"),
    ],
)  # fmt: skip
def test_fault_is_told_with_file_line_and_field(folder, name, old, new, expected):
    change(folder, name, old, new)

    assert any(expected in fault for fault in faults(folder)), faults(folder)


def test_all_faults_are_told_at_once(folder):
    change(folder, "items.csv", "生育收养,出生,,working", "生肖,出生,,working")
    change(folder, "items.csv", "20,working,10,working", "7,working,10,working")

    assert len(faults(folder)) == 2


def test_missing_file_is_a_fault_and_no_crash(folder):
    (folder / "items.csv").unlink()

    assert any(fault.startswith("items.csv:1:") for fault in faults(folder))
