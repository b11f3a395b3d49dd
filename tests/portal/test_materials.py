"""我的材料 at the portal: added, dated, given back, deleted; shown to nobody else; the same by API."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.cases.hall import making
from tests.conftest import actor
from tests.data import samples

HERE = "/me/materials/"


def own(username="lin"):
    from accounts.queries import materials_of

    return materials_of(actor(username))


def text(response):
    return response.content.decode()


def sent(name="身份证.HEIC", content=None):
    return SimpleUploadedFile(name, content or samples.heic())


def test_a_photograph_of_a_phone_is_kept_with_its_day_and_given_back(portal_client):
    lin, day = portal_client("lin"), timezone.localdate() + timedelta(days=9)
    parts = {f"expires_on_{part}": str(getattr(day, part)) for part in ("year", "month", "day")}
    answer = lin.post(HERE, {"kind": "id_card", "upload": sent(), **parts})
    assert answer["Location"] == f"{HERE}?kept=1"

    (kept,) = own()
    assert (kept.label, kept.name, kept.content_type, kept.expires_on) == (
        "身份证",
        "身份证.jpg",
        "image/jpeg",
        day,
    )
    page = text(lin.get(HERE))
    assert "快到期" in page
    assert "自己传的" in page
    given = lin.get(f"{HERE}{kept.pk}/file/")
    assert samples.size(given.content) == (64, 40)
    assert (given["X-Content-Type-Options"], given["Content-Disposition"][:10]) == ("nosniff", "attachment")


def test_what_is_wrong_is_said_at_its_box_and_nothing_is_kept(portal_client):
    lin = portal_client("lin")
    for data, words in (
        ({"kind": "", "upload": sent()}, "请选一种"),
        ({"kind": "nothing", "upload": sent()}, "请选一种"),
        ({"kind": "id_card"}, "请选一个文件"),
        (
            {"kind": "id_card", "upload": sent("a.svg", b"<svg onload='alert(1)'/>")},
            "只能传 JPG、PNG、HEIC、PDF",
        ),
        (
            {
                "kind": "id_card",
                "upload": sent(),
                "expires_on_year": "2026",
                "expires_on_month": "2",
                "expires_on_day": "30",
            },
            "没有这一天",
        ),
    ):
        answer = lin.post(HERE, data)
        assert answer.status_code == 422
        assert words in text(answer)
    assert own() == []


def test_the_day_is_changed_and_the_paper_deleted_by_its_owner_alone(portal_client):
    kept, lin, zhou = making.kept(), portal_client("lin"), portal_client("zhou")
    address = f"{HERE}{kept.pk}/"
    for ask in (
        zhou.get(address),
        zhou.get(f"{address}file/"),
        zhou.post(address, {"expires_on": "2030-01-01"}),
        zhou.post(f"{address}remove/"),
    ):
        assert ask.status_code == 404
    assert [each.expires_on for each in own()] == [None]

    lin.post(address, {"expires_on": "2030-01-01"})
    assert [str(each.expires_on) for each in own()] == ["2030-01-01"]
    assert lin.post(f"{address}remove/").status_code == 302
    assert own() == []
    assert lin.get(address).status_code == 404


def test_the_day_of_what_a_hall_issued_is_the_halls(portal_client):
    kept = making.kept(trust="issued", source="东县政务服务大厅", source_number="349901260302000010")
    lin = portal_client("lin")
    assert "改有效期" not in text(lin.get(f"{HERE}{kept.pk}/"))
    lin.post(f"{HERE}{kept.pk}/", {"expires_on": "2099-01-01"})
    assert own()[0].expires_on is None


def test_the_room_is_counted_in_the_database(portal_client, monkeypatch):
    from accounts.services import materials

    kept, lin = making.kept(), portal_client("lin")
    monkeypatch.setattr(materials, "MOST_BYTES", kept.size + 1)
    answer = lin.post(HERE, {"kind": "id_card", "upload": sent()})
    assert (answer.status_code, "存满了" in text(answer)) == (422, True)
    # the same again needs no room
    making.kept(kind="passport")
    assert [each.kind for each in own()] == ["passport"]


def test_the_api_says_the_same(portal_client):
    lin, theirs = portal_client("lin"), making.kept("zhou")
    made = lin.post("/api/v1/me/materials/", {"kind": "id_card", "file": sent()})
    assert made.status_code == 201
    listed = lin.get("/api/v1/me/materials/").json()
    assert [each["id"] for each in listed["results"]] == [made.json()["id"]]
    assert (
        lin.post("/api/v1/me/materials/", {"kind": "id_card", "file": sent(content=b"MZ")}).status_code == 400
    )
    assert lin.delete(f"/api/v1/me/materials/{theirs.pk}/").status_code == 404
    assert lin.delete(f"/api/v1/me/materials/{made.json()['id']}/").status_code == 204
    assert own() == []
