"""Which questions of a form apply, and what a form must be like to be published."""

import pytest

from catalog.shared import questions
from catalog.shared.validators import publishing_problems, shape_problems


def row(name, kind="text", **more):
    return {"name": name, "label": f"问题 {name}", "type": kind, "required": True, **more}


def when(question, *values):
    return {"question": question, "values": list(values)}


PLACES = [{"value": "town", "label": "镇上"}, {"value": "city", "label": "市里"}]
FORM = [
    row("lives", "choice", choices=PLACES),
    row("street", when=when("lives", "city")),
    row("has_car", "yes_no", when=when("lives", "city")),
    row("plate", when=when("has_car", "yes")),
    row("children", "group", fewest=1, most=3, entry="孩子", when=when("has_car", "no")),
    row("child", group="children"),
    row("adopted", "yes_no", group="children"),
    row("adopted_on", "date", group="children", when=when("adopted", "yes")),
    row("may_apply", "eligible", hint="满 18 岁才能办，满了再来。"),
]


def asked(given):
    return [found["name"] for found, _said in questions.asked(questions.nested(FORM), given)]


def test_a_question_is_asked_only_while_its_condition_holds_and_chains_hold_together():
    assert asked({}) == ["lives"]
    assert asked({"lives": "city", "has_car": True}) == ["lives", "street", "has_car", "plate"]
    assert asked({"lives": "city", "has_car": "no"}) == ["lives", "street", "has_car", "children"]
    # the car is not asked for in town, so an answer to it opens nothing
    assert asked({"lives": "town", "has_car": True, "plate": "x"}) == ["lives"]


def test_the_questions_of_an_entry_look_at_their_own_entry():
    given = {
        "lives": "city",
        "street": "东街",
        "has_car": False,
        "children": [{"child": "一", "adopted": True, "adopted_on": "2020-01-01"}, {"child": "二", "adopted": False, "adopted_on": "2021-01-01"}],
    }  # fmt: skip

    assert questions.pruned(FORM, given)["children"] == [
        {"child": "一", "adopted": True, "adopted_on": "2020-01-01"},
        {"child": "二", "adopted": False},
    ]
    assert questions.missing(FORM, given) == []
    assert [found["name"] for found in questions.missing(FORM, {**given, "children": []})] == ["children"]
    assert [found["name"] for found in questions.missing(FORM, {**given, "children": [{"child": "一"}]})] == [
        "children"
    ]


def test_a_good_form_can_be_published():
    assert questions.problems(FORM) == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda form: form[1].update(when=when("plate", "x")), "不是前面的问题"),
        (lambda form: form[1].update(when=when("street", "x")), "不是前面的问题"),
        (lambda form: form[3].update(when=when("child", "x")), "不是前面的问题"),
        (lambda form: form[3].update(when=when("street", "东街")), "只能看"),
        (lambda form: form[1].update(when=when("lives", "abroad")), "不是“问题 lives”的选项"),
        (lambda form: form[7].update(when=when("adopted", "maybe")), "不是“问题 adopted”的选项"),
        (lambda form: form[5].update(group="nothing"), "没有叫 nothing 的组"),
        (lambda form: form.append(row("inner", "group", group="children")), "组里不能再有组"),
        (lambda form: form.append(row("empty", "group")), "还没有问题"),
        (lambda form: form[4].update(fewest=4), "最少不能比最多多"),
        (lambda form: form[4].update(most=21), "最多 20 个"),
        (lambda form: form[0].update(choices=[]), "请写选项"),
        (lambda form: form[8].update(hint=" "), "不符合是为什么"),
        (lambda form: form[8].update(when=when("lives", "city")), "不能再带条件"),
        (lambda form: form[1].update(most=2), "只给组写"),
        (lambda form: form.extend(row(f"q{n}") for n in range(60)), "最多 60 条"),
        (
            lambda form: form.extend(row(f"q{n}", hint="长" * 300, label="长" * 300) for n in range(40)),
            "太长",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_name(change, words):
    form = [dict(found) for found in FORM]
    change(form)
    refusal = publishing_problems({"form": form})["form"]

    assert words in refusal
    assert shape_problems({"form": FORM}) == {}


def test_a_condition_of_another_shape_is_refused_when_it_is_saved():
    for wrong in (
        "lives",
        {"question": "lives"},
        when("lives"),
        {**when("lives", "city"), "more": 1},
        when("", "x"),
    ):
        assert "什么时候问" in shape_problems({"form": [{**FORM[1], "when": wrong}]})["form"]
