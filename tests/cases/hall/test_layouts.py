"""A hall's own wording: what may be written, and what it becomes."""

import pytest

from cases.hall import layouts, pdf
from cases.hall.pdf import Kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("第一行\n您的{申请日}", "第 2 行：没有“{申请日}”"),
        ("{ 事项 }", "没有“{ 事项 }”"),
        ("{}", "没有“{}”"),
        ("您申请的{事项", "第 1 行：花括号没有成对"),
        ("您申请的事项}", "花括号没有成对"),
        ("{{事项}}", "花括号没有成对"),
        ("{最晚日期}", "没有“{最晚日期}”"),
    ],
)
def test_what_is_broken_or_unknown_is_named_with_its_line_and_what_there_is(text, said):
    (first, *_rest) = [str(problem) for problem in layouts.problems("accept", text)]

    assert said in first
    assert "{事项}" in first
    assert "{承诺日期}" in first


def test_each_kind_has_variables_of_its_own():
    assert layouts.problems("correction", "{最晚日期}前补 {处数} 处") == []
    with pytest.raises(ValueError, match="is not a valid Kind"):
        layouts.variables("other")


@pytest.mark.parametrize("kind", Kind)
def test_every_variable_of_a_kind_is_filled_by_a_sample(kind):
    from datetime import date
    from types import SimpleNamespace

    from cases.hall import samples

    hall = SimpleNamespace(
        name="东县网上办事大厅", department_prefix="东县", case_prefix="349901", document_prefix="示(东)"
    )
    facts = samples.facts(hall, "小餐馆许可", date(2026, 3, 4))
    text = " ".join(f"{{{name}}}" for name in layouts.variables(kind))

    filled = layouts.fill(kind, text, pdf.in_words(facts))

    assert "{" not in filled
    assert pdf.render(kind, {**facts, "own": {"paragraphs": [filled]}}).startswith(b"%PDF")


def test_a_value_that_this_case_has_not_is_named():
    with pytest.raises(layouts.MissingValue, match="有效期到"):
        layouts.fill("grant", "用到{有效期到}", {"valid_until": ""})


def test_a_value_is_text_and_not_looked_at_again():
    facts = {"holder": "{事项}\n#panic()", "item_name": "x"}

    assert layouts.fill("grant", "{申请人}", facts) == "{事项} #panic()"


def test_what_the_law_demands_stands_whatever_a_hall_writes():
    from tests.cases.hall.test_pdf import read, words

    text = words(
        read(
            "refuse",
            reason="面积不够",
            own={"title": "决定书", "paragraphs": ["#panic() 抱歉。"], "note": "附注"},
        )
    )

    assert "#panic()抱歉。" in text
    assert "经审查不符合规定" not in text
    for part in ("决定书", "理由：面积不够", "六十日内", "行政诉讼", "附注", "东(南)准〔2026〕00001号"):
        assert part in text
