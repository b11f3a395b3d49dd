"""For any form and any answers: what is stored is what the questions that apply say, and nothing else."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.hall import answers
from catalog.shared import questions

TOWNS = {"349900001"}
TODAY = date(2026, 3, 2)
CHOICES = [{"value": value, "label": value} for value in ("a", "b")]
WORDS = st.one_of(
    st.none(), st.sampled_from(["", "a", "b", "yes", "no", "3", "2026-03-02", " 文字\x00 ", "349900001"]),
    st.booleans(), st.integers(-5, 10**13), st.lists(st.integers(), max_size=2), st.text(max_size=6),
)  # fmt: skip
FITTING = {
    "text": ["文字", " 两行\n字 "],
    "number": ["3", 0.25, 7],
    "date": ["2026-3-2"],
    "choice": ["a", "b"],
    "division": ["349900001"],
    "yes_no": ["yes", "no", True, False],
}
KINDS = st.sampled_from(sorted(FITTING))


@st.composite
def rows(draw, prefix, deciders):
    """Questions of one level; each may look at an earlier one of it or at one of before."""
    known = list(deciders)
    found = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(KINDS)
        row = {
            "name": f"{prefix}{number}",
            "label": f"{prefix}{number}",
            "type": kind,
            "required": draw(st.booleans()),
        }
        if kind == "choice":
            row["choices"] = CHOICES
        if known and draw(st.booleans()):
            name, values = draw(st.sampled_from(known))
            row["when"] = {"question": name, "values": [draw(st.sampled_from(values))]}
        if kind in questions.DECIDING:
            known.append((row["name"], ["yes", "no"] if kind == "yes_no" else ["a", "b"]))
        found.append(row)
    return found, known


@st.composite
def forms(draw):
    """A form that can be published, with a group in its middle."""
    first, known = draw(rows("q", []))
    members, _known = draw(rows("m", known))
    last, _known = draw(rows("z", known))
    most = draw(st.integers(1, 3))
    group = {"name": "g", "label": "g", "type": "group", "fewest": draw(st.integers(0, most)), "most": most}
    form = [*first, group, *({**row, "group": "g"} for row in members), *last]
    assert questions.problems(form) == ""
    return form


@st.composite
def forms_with_answers(draw):
    form = draw(forms())

    def said(row):
        # mostly what fits: what does not fit opens nothing
        return draw(st.sampled_from(FITTING[row["type"]]) if draw(st.integers(0, 5)) else WORDS)

    flat = {row["name"]: said(row) for row in form if not row.get("group") and row["type"] != "group"}
    members = [row for row in form if row.get("group")]
    entries = [{row["name"]: said(row) for row in members} for _number in range(draw(st.integers(0, 4)))]
    return form, {**flat, "g": entries if draw(st.integers(0, 9)) else draw(WORDS)}


def clean(form, raw, **more):
    return answers.clean(form, raw, divisions=TOWNS, today=TODAY, **more)


@settings(max_examples=300, deadline=None)
@given(forms_with_answers())
def test_what_is_stored_is_what_the_questions_that_apply_say(made):
    form, raw = made
    for is_draft in (True, False):
        checked = clean(form, raw, is_draft=is_draft)
        # nothing hidden is there, and nothing that applies was lost on the way
        assert questions.pruned(form, checked.values) == checked.values
        again = clean(form, checked.values, is_draft=is_draft)
        assert again.values == checked.values
    if not checked.errors:
        assert again.errors == {}
        assert questions.missing(form, checked.values) == []


@settings(max_examples=200, deadline=None)
@given(forms_with_answers())
def test_a_question_that_does_not_apply_is_never_demanded(made):
    form, raw = made
    checked = clean(form, raw)
    asked = {row["name"] for row, _said in questions.asked(questions.nested(form), checked.values)}

    assert {name.partition(".")[0] for name in checked.errors} <= asked
