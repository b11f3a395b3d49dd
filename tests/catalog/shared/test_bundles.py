"""What the items of one event ask for together: pure functions, no database."""

import pytest

from catalog.shared import bundles


def item(name, **fields):
    return {
        "code": f"34{name:0>12}", "name": name, "kind": "promised", "promised_days": 5, "promised_unit": "working", "visits": 0, "fees": [],
        "materials": [], "form": [], **fields,
    }  # fmt: skip


def paper(key="id", **fields):
    return {"key": key, "name": f"材料{key}", "necessity": "required", "originals": 1, "copies": 0, **fields}


def question(name="town", **fields):
    return {"name": name, "label": f"问{name}", "type": "text", "required": False, "choices": [], **fields}


def merged(*rows):
    """Merge rows of one key, each of an item of its own; return the paper."""
    (found,) = bundles.papers(item(f"{number}", materials=[row]) for number, row in enumerate(rows))
    return found


def test_one_key_is_one_paper_in_the_order_of_asking():
    found = bundles.papers(
        [item("甲", materials=[paper("b"), paper("a")]), item("乙", materials=[paper("c"), paper("b")])]
    )

    assert [(each.row["key"], each.items) for each in found] == [
        ("b", ["甲", "乙"]),
        ("a", ["甲"]),
        ("c", ["乙"]),
    ]


def test_originals_and_copies_take_the_most():
    found = merged(
        paper(originals=1, copies=0), paper(originals=0, copies=3), paper(originals=None, copies=2)
    )

    assert (found.row["originals"], found.row["copies"]) == (1, 3)


@pytest.mark.parametrize(
    ("needs", "whole"),
    [
        (["optional", "required"], "required"),
        (["required", "later"], "required"),
        (["optional", "later"], "later"),
        (["optional", "optional"], "optional"),
        (["optional", None], "required"),
    ],
)
def test_a_paper_is_needed_as_much_as_the_item_that_needs_it_most(needs, whole):
    assert merged(*(paper(necessity=need) for need in needs)).row["necessity"] == whole


def test_a_paper_is_spared_only_where_every_item_spares_it():
    spared = merged(paper(exempt=True, exempt_by="电子证照"), paper(exempt=True))
    assert (spared.row["exempt"], spared.items) == (True, ["0", "1"])

    for rows in (
        [paper(exempt=True, copies=9), paper(copies=1)],
        [paper(copies=1), paper(exempt=True, copies=9)],
    ):
        found = merged(*rows)
        # an item that spares it asks for no copies, and is not named
        assert (bool(found.row.get("exempt")), found.row["copies"], len(found.items)) == (False, 1, 1)


def test_a_form_that_items_disagree_on_is_not_said():
    assert merged(paper(form="1"), paper(form="2")).row["form"] == ""
    assert merged(paper(form="3"), paper(form="3")).row["form"] == "3"


def test_each_note_is_said_once():
    assert merged(paper(note="正反面"), paper(note="正反面"), paper(note="彩色"), paper()).notes == [
        "正反面",
        "彩色",
    ]


def test_the_items_stay_as_they_were():
    row = paper(copies=1)
    bundles.papers([item("甲", materials=[row]), item("乙", materials=[paper(copies=2)])])

    assert row["copies"] == 1


def test_one_question_is_asked_once_and_required_when_one_item_requires_it():
    found = bundles.questions(
        [item("甲", form=[question(), question("note")]), item("乙", form=[question(required=True)])]
    )

    assert [(each.row["name"], each.row["required"], each.items) for each in found] == [
        ("town", True, ["甲", "乙"]),
        ("note", False, ["甲"]),
    ]


def test_a_name_of_another_type_is_another_question():
    found = bundles.questions([item("甲", form=[question()]), item("乙", form=[question(type="date")])])

    assert [each.row["type"] for each in found] == ["text", "date"]


def test_what_means_something_else_in_each_item_is_asked_for_each():
    asked = [item("1", form=[question("note")]), item("2", form=[question("note")])]

    assert len(bundles.questions(asked, ["note"])) == 2
    assert len(bundles.questions(asked)) == 1


def test_a_choice_offers_what_any_item_offers():
    first, second = ([{"value": value, "label": value} for value in values] for values in ("ab", "bc"))
    rows = [question(type="choice", choices=first), question(type="choice", choices=second)]
    (found,) = bundles.questions(item(f"{n}", form=[row]) for n, row in enumerate(rows))

    assert [choice["value"] for choice in found.row["choices"]] == ["a", "b", "c"]
    assert rows[0]["choices"] == first


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ([(5, "working"), (6, "natural")], "5 个工作日"),
        ([(5, "working"), (8, "natural")], "8 天（含节假日）"),
        ([(0, "working"), (0, "natural")], "当场办好"),
        ([], ""),
    ],
)
def test_the_whole_takes_as_long_as_the_longest(limits, said):
    items = [item("甲", promised_days=days, promised_unit=unit) for days, unit in limits]

    assert bundles.limit(items) == said


def test_what_is_done_at_once_takes_no_time_whatever_it_promises():
    assert (
        bundles.limit([item("甲", kind="instant", promised_days=9), item("乙", promised_days=3)])
        == "3 个工作日"
    )


@pytest.mark.parametrize(
    ("fees", "said"),
    [
        ([], "不收费"),
        ([[{"amount": 0}]], "不收费"),
        ([[{"amount": 20}], [], [{"amount": 4.5}]], "24.5 元"),
        ([[{"amount": 20}, {"amount": 5}], [{"amount": 10}]], "15–30 元"),
        ([[{"amount": 20}], [{"standard": "按面积"}]], "按标准收费"),
    ],
)
def test_fees_add_up(fees, said):
    assert bundles.fees([item("甲", fees=rows) for rows in fees]) == said


def test_visits_add_up():
    assert bundles.visits([item("甲", visits=1), item("乙", visits=2), item("丙")]) == 3
    assert bundles.visits([]) == 0


def test_questions_of_several_items_stand_first_and_each_name_is_one_question():
    first = item("甲", form=[question("note"), question("kind", type="number"), question("town")])
    second = item("乙", form=[question("town"), question("note"), question("kind")])
    rows = bundles.together([first, second], own=["note"])["form"]

    a, b = first["code"], second["code"]
    assert [(row["name"], row["section"], row["asks"]) for row in rows] == [
        ("town", "几项都要填的", {a: "town", b: "town"}),
        (f"note-{a}", "甲", {a: "note"}),
        (f"kind-{a}", "甲", {a: "kind"}),
        (f"note-{b}", "乙", {b: "note"}),
        (f"kind-{b}", "乙", {b: "kind"}),
    ]
    given = {"town": "x", f"note-{a}": "甲的", f"note-{b}": "乙的", f"kind-{a}": 3}
    assert bundles.answers_of(rows, a, given) == {"town": "x", "note": "甲的", "kind": 3}
    assert bundles.answers_of(rows, b, given) == {"town": "x", "note": "乙的"}


def test_papers_name_who_wants_them_and_what_nobody_wants_is_left_out():
    spared, asked = paper("a", exempt=True), paper("a", note="正反面。")
    items = [
        item("甲", materials=[spared, paper("b", exempt=True)]),
        item("乙", materials=[asked, paper("c")]),
    ]

    assert [(row["key"], row["note"]) for row in bundles.together(items)["materials"]] == [
        ("a", "用在：乙。正反面"),
        ("c", "用在：乙"),
    ]


@pytest.mark.parametrize(
    ("offered", "whole"),
    [
        ((["ems", "window"], ["window", "ems"]), ["ems", "window"]),
        ((["ems", "window"], ["window"]), ["window"]),
        # no way is common: what is chosen holds where it is offered
        ((["ems"], ["window"]), ["ems", "window"]),
        (([], ["ems"]), ["window", "ems"]),
    ],
)
def test_a_way_of_delivery_that_all_have_or_all_ways(offered, whole):
    items = [item(str(number), delivery=ways) for number, ways in enumerate(offered)]

    assert bundles.together(items)["delivery"] == whole


def test_an_item_without_the_chosen_way_takes_its_own_first():
    posted = {"method": "ems", "address": "某地"}

    assert bundles.delivery_of(["window", "ems"], posted) == posted
    assert bundles.delivery_of(["window"], posted)["method"] == "window"


def test_it_may_be_done_for_another_where_each_item_may():
    assert bundles.together([item("甲"), item("乙")])["proxy_allowed"]
    assert not bundles.together([item("甲"), item("乙", proxy_allowed=False)])["proxy_allowed"]
