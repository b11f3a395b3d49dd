"""Several items applied for at once by API."""

import uuid

import pytest

from tests.cases.hall.api.conftest import Api
from tests.cases.hall.bundles import making
from tests.cases.hall.making import BIRTH, GUIDE, LICENCE, act

KEYED = {"idempotency-key": "k"}
CASES = "bundles/restaurant/cases/"


@pytest.fixture
def lin():
    return Api("lin")


def body(api, **given):
    return {
        "parts": [BIRTH, LICENCE],
        "answers": {"spouse": "李四"},
        "files": {"m1": [api.upload().json()["id"]]},
        "delivery": "window",
        **given,
    }


def counted(east):
    from cases.hall.models import Case, ParentCase
    from tenants.shared import scope

    with scope.hall(east):
        return ParentCase.objects.count(), Case.objects.count()


def test_the_form_of_all_or_of_some(lin, east):
    form = lin.get("bundles/restaurant/form/").json()
    assert [part["code"] for part in form["parts"]] == [BIRTH, LICENCE]
    assert [(row["name"], row["required"]) for row in form["fields"]] == [
        ("spouse", True),
        ("married_on", False),
    ]
    assert [row["key"] for row in form["materials"]] == ["m1", "m2"]
    assert [row["value"] for row in form["delivery"]] == ["window", "ems"]
    answer = lin.get("bundles/restaurant/form/", part=BIRTH)
    assert (answer.status_code, answer.json()["fields"].keys()) == (400, {"parts"})
    assert lin.get("bundles/nothing/form/").status_code == 404


def test_filed_once_however_often_and_followed(lin, east):
    application = body(lin)
    answer = lin.post(CASES, application, **KEYED)
    assert answer.status_code == 201, answer.content
    receipt = answer.json()

    assert lin.post(CASES, application, **KEYED).json() == receipt
    assert counted(east) == (1, 2)
    assert [child["item"] for child in receipt["children"]] == [BIRTH, LICENCE]
    seen = lin.get(f"parent-cases/{receipt['number']}/").json()
    assert (seen["summary"], seen["done"], seen["total"]) == ("2 项中 0 项办结，都在办，您不用做什么", 0, 2)
    assert {child["state"] for child in seen["children"]} == {"submitted"}
    # each child is a case like any other
    child = lin.get(f"cases/{receipt['children'][0]['number']}/").json()
    assert (child["filed_with"], child["query_code"]) == (receipt["number"], receipt["query_code"])
    assert lin.post(CASES, {**application, "answers": {"spouse": "王五"}}, **KEYED).status_code == 422


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"parts": [BIRTH]}, {"parts"}),
        ({"parts": [BIRTH, GUIDE]}, {"item"}),
        ({"parts": ["1"]}, {"parts"}),
        ({"answers": {}, "files": {}}, {"spouse", "m1"}),
        ({"answers": {"spouse": "李四", "extra": 1}}, {"extra"}),
        ({"files": {"m1": [str(uuid.UUID(int=1))]}}, {"m1"}),
        ({"delivery": "pigeon"}, {"delivery"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_filed(lin, east, given, fields):
    answer = lin.post(CASES, body(lin, **given), **KEYED)

    assert (answer.status_code, set(answer.json()["fields"])) == (400, fields)
    assert counted(east) == (0, 0)


def test_to_others_the_whole_is_not_there(lin, east):
    from tenants.shared import scope

    with scope.hall(east):
        parent, (_birth, _licence) = making.filed()
    assert lin.get(f"parent-cases/{parent.number}/").status_code == 200
    for other in (Api("zhou"), Api("east_window")):
        assert other.get(f"parent-cases/{parent.number}/").status_code == 404
        assert other.post(f"parent-cases/{parent.number}/withdraw/").status_code == 404
    assert Api().get(f"parent-cases/{parent.number}/").status_code == 401


def test_all_withdrawn_but_what_is_decided(lin, east):
    from tenants.shared import scope

    with scope.hall(east):
        parent, (birth, _licence) = making.filed()
        act(birth, "not_accept", reason="不用办")
    seen = lin.post(f"parent-cases/{parent.number}/withdraw/").json()

    assert [child["state"] for child in seen["children"]] == ["not_accepted", "withdrawn"]
    assert lin.post(f"parent-cases/{parent.number}/withdraw/").status_code == 409
