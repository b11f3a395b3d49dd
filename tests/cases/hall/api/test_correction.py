"""Answering a correction notice by API: the copy, its files, what is wrong with them, handing in, withdrawing."""

import pytest

from tests.cases.hall.making import upload
from tests.template import LICENCE

POINTS = [
    {"kind": "material", "key": "m1", "verdict": "unclear"},
    {"kind": "field", "key": "spouse", "verdict": "wrong"},
]


@pytest.fixture
def lin(api):
    return api("lin")


@pytest.fixture
def number(api, lin):
    """A case of lin whose card is unclear and whose spouse is wrong."""
    number = lin.file(LICENCE)["number"]
    answer = api("east_window").act(number, "request_correction", points=POINTS)
    assert answer.status_code == 200, answer.content
    return number


def put(client, number, **answers):
    import json

    return client.client.put(
        f"/api/v1/cases/{number}/correction/",
        json.dumps({"answers": answers}),
        content_type="application/json",
    )


def ready(answer):
    return {point["key"]: point["is_ready"] for point in answer.json()["points"]}


def test_the_copy_is_filled_step_by_step_and_handed_in_once(lin, number):
    notice = lin.get(f"cases/{number}/correction/")
    assert ready(notice) == {"m1": False, "spouse": False}
    assert notice.json()["points"][0]["reason"].startswith("身份证看不清")

    assert ready(put(lin, number, spouse="王五")) == {"m1": False, "spouse": True}
    refused = lin.act(number, "resubmit")
    assert (refused.status_code, set(refused.json()["fields"])) == (400, {"material.m1"})
    assert lin.upload(f"cases/{number}/files/", material="m1").status_code == 201
    filled = lin.get(f"cases/{number}/correction/")
    assert (ready(filled), len(filled.json()["files"])) == ({"m1": True, "spouse": True}, 1)

    sent = lin.act(number, "resubmit")

    assert (sent.status_code, sent.json()["state"], sent.json()["answers"]["spouse"]) == (
        200,
        "submitted",
        "王五",
    )
    again = lin.act(number, "resubmit")
    assert (again.status_code, again.json()["code"]) == (409, "not_open")
    gone = lin.get(f"cases/{number}/correction/")
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")
    assert put(lin, number, spouse="赵六").status_code == 409


def test_what_was_not_asked_for_is_not_taken(lin, number):
    unasked = lin.upload(f"cases/{number}/files/", material="m2")
    assert (unasked.status_code, unasked.json()["fields"]) == (400, {"material": "这份材料不用补"})
    put(lin, number, married_on="2020-05-01", spouse="王五")
    assert lin.get(f"cases/{number}/correction/").json()["answers"] == {"spouse": "王五"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"GIF89a" + b"\0" * 64, "只能传"),
        (b"\xff\xd8\xff\xe0 no picture", "打不开"),
        (b"%PDF-1.7\nno pdf", "打不开"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_the_copy_stays_as_it_was(lin, number, content, words):
    from django.core.files.uploadedfile import SimpleUploadedFile

    lin.upload(f"cases/{number}/files/", material="m1")
    before = lin.get(f"cases/{number}/correction/").json()["files"]

    answer = lin.client.post(
        f"/api/v1/cases/{number}/files/", {"file": SimpleUploadedFile("x.jpg", content), "material": "m1"}
    )

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"file"})
    assert words in str(answer.json()["fields"]["file"])
    assert lin.get(f"cases/{number}/correction/").json()["files"] == before


def test_several_photos_of_one_paper_are_kept(lin, number):
    first = lin.upload(f"cases/{number}/files/", material="m1").json()["id"]
    second = lin.client.post(
        f"/api/v1/cases/{number}/files/", {"file": upload(colour=(1, 2, 3)), "material": "m1"}
    ).json()["id"]
    files = lin.get(f"cases/{number}/correction/").json()["files"]
    assert [file["id"] for file in files] == [first, second]


@pytest.mark.parametrize("body", ["[]", "{}", '{"answers": []}', '{"answers": 1}', "no json"])
def test_a_body_that_is_none_is_refused(lin, number, body):
    answer = lin.client.put(f"/api/v1/cases/{number}/correction/", body, content_type="application/json")
    assert (answer.status_code, set(answer.json())) == (400, {"detail", "code", "fields"})


def test_a_wrong_answer_is_named_and_a_good_one_beside_it_kept(api, lin):
    number = lin.file(LICENCE)["number"]
    both = [
        {"kind": "field", "key": "spouse", "verdict": "wrong"},
        {"kind": "field", "key": "married_on", "verdict": "missing"},
    ]
    assert api("east_window").act(number, "request_correction", points=both).status_code == 200

    answer = put(lin, number, spouse="王五", married_on="2020-02-31")

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"married_on"})
    assert lin.get(f"cases/{number}/correction/").json()["answers"].get("spouse", "王五") == "王五"


def test_withdrawing_ends_the_notice_and_drops_the_copy(lin, number, east):
    from cases.hall.models import CaseFile
    from tenants.shared import scope

    waiting = lin.upload(f"cases/{number}/files/", material="m1").json()["id"]

    answer = lin.act(number, "withdraw")

    assert (answer.status_code, answer.json()["state"], answer.json()["due"]) == (200, "withdrawn", None)
    assert lin.get(f"cases/{number}/correction/").status_code == 404
    assert lin.act(number, "resubmit").status_code == 409
    assert lin.upload(f"cases/{number}/files/", material="m1").status_code == 409
    with scope.hall(east):
        assert CaseFile.objects.get(pk=waiting).removed_at is not None


def test_the_copy_is_its_owners_alone(api, number):
    for who, status in (("zhou", 404), ("east_window", 403), ("east_head", 403), (None, 401)):
        client = api(who)
        assert client.get(f"cases/{number}/correction/").status_code == status
        assert put(client, number, spouse="王五").status_code == status
