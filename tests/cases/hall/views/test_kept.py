"""我的材料: put into a draft with one tap, kept from an upload, a case, a result; and nobody else's."""

from datetime import date

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cases.hall import making
from tests.cases.hall.views.conftest import text
from tests.conftest import actor
from tests.data import samples


def own(username="lin"):
    from accounts.queries import materials_of

    return materials_of(actor(username))


def stored(path):
    with storages["cases"].open(path) as stream:
        return stream.read()


def current(case):
    return case.files.get(removed_at=None, material_key="m1")


def test_one_tap_puts_a_copy_into_the_draft_and_says_how_far_it_is_known(lin, made, inside):
    case = made("draft")
    kept = making.kept(trust="seen", source="西县政务服务大厅", source_number="1")
    page = text(lin.get(f"/drafts/{case.pk}/files/"))
    address = f"/drafts/{case.pk}/files/m1/use/{kept.pk}/"
    assert (address in page, "用我存的：身份证" in page, "西县政务服务大厅核过原件" in page) == (
        True,
        True,
        True,
    )

    assert lin.post(address)["Location"] == f"/drafts/{case.pk}/files/#m-m1"
    with inside():
        file = current(case)
        assert (file.sha256, file.trust, file.trust_note) == (
            kept.sha256,
            "seen",
            "2026-03 存，西县政务服务大厅核过原件",
        )
        # a copy of the hall's own, under its folder
        assert file.path != kept.path
        assert stored(file.path) != stored(kept.path)


def test_an_expired_paper_is_shown_and_refused_with_the_reason(lin, made, inside):
    case = made("draft")
    kept = making.kept(expires_on=date(2020, 1, 31))
    page = text(lin.get(f"/drafts/{case.pk}/files/"))
    assert "2020年1月31日" in page
    assert f"use/{kept.pk}" not in page

    answer = text(lin.post(f"/drafts/{case.pk}/files/m1/use/{kept.pk}/"))
    assert "这份已经过期，不能用来办事，请换一份新的" in answer
    with inside():
        assert current(case).sha256 != kept.sha256


def test_a_paper_of_another_kind_is_not_offered_and_not_taken(lin, made, inside):
    case = made("draft")
    kept = making.kept(kind="bank_card")
    assert str(kept.pk) not in text(lin.get(f"/drafts/{case.pk}/files/"))
    assert "这份不是身份证" in text(lin.post(f"/drafts/{case.pk}/files/m1/use/{kept.pk}/"))


def test_a_guessed_paper_of_another_citizen_is_nothing(lin, made, inside):
    case, theirs = made("draft"), making.kept("zhou")
    with inside():
        before = current(case).sha256
    assert str(theirs.pk) not in text(lin.get(f"/drafts/{case.pk}/files/"))
    assert lin.post(f"/drafts/{case.pk}/files/m1/use/{theirs.pk}/").status_code == 404
    with inside():
        assert current(case).sha256 == before


def test_a_copy_moved_into_another_persons_row_does_not_open():
    from accounts.encryption import NotReadable
    from accounts.models import Material
    from accounts.services import materials

    mine, theirs = making.kept("lin"), making.kept("zhou", content=b"theirs", sha256="0" * 64)
    assert materials.content(theirs) == b"theirs"
    assert b"theirs" not in stored(theirs.path)
    Material.objects.filter(pk=mine.pk).update(path=theirs.path)
    mine.refresh_from_db()
    with pytest.raises(NotReadable):
        materials.content(mine)


def test_a_proxy_reaches_nothing_that_the_principal_keeps(east, hall_client, made, inside):
    from django.utils import timezone

    from tests.cases.hall import mandating

    with inside():
        now = timezone.now()
        mandating.number_of("lin", "110105198007021231")
        mandating.term("agent", now, "east")
        mandate = mandating.in_force(
            mandating.facts("林小禾", "110105198007021231", "13900000000"), "agent", now
        )
        case = mandating.begun(mandate, making.REPORT, "agent", now)
    kept, proxy = making.kept(), hall_client(east, "agent")
    page = proxy.get(f"/drafts/{case.pk}/files/")

    assert page.status_code == 200
    assert "用我存的" not in text(page)
    assert "存进我的材料" not in text(page)
    assert proxy.post(f"/drafts/{case.pk}/files/m1/use/{kept.pk}/").status_code == 404
    proxy.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": making.upload(), "keep": "on"})
    assert (len(own()), own("agent")) == (1, [])


def test_a_tick_keeps_what_is_sent_and_twice_is_once(lin, made):
    case = made("draft")
    for _again in range(2):
        sent = SimpleUploadedFile("证.jpg", samples.photo())
        assert lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": sent, "keep": "on"}).status_code == 302
    lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": making.upload()})

    assert [(each.kind, each.label, each.trust) for each in own()] == [("id_card", "身份证", "own")]


def test_a_full_vault_says_so_and_the_draft_has_its_file(lin, made, inside, monkeypatch):
    from accounts.services import materials

    monkeypatch.setattr(materials, "MOST", 1)
    making.kept()
    case = made("draft")
    sent = SimpleUploadedFile("证.jpg", samples.photo())
    page = lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": sent, "keep": "on"}, follow=True)

    assert "没有存进“我的材料”" in text(page)
    assert len(own()) == 1
    with inside():
        assert current(case).name == "证.jpg"


def test_what_a_clerk_compared_is_kept_as_seen_and_knows_better_than_before(lin, window, made, inside):
    case = made("submitted")
    with inside():
        file = case.files.get()
    keep = f"/cases/{case.number}/files/{file.pk}/keep/"
    lin.post(keep)
    assert [(each.trust, each.source) for each in own()] == [("own", "")]
    window.post(f"/clerk/cases/{case.number}/files/{file.pk}/compare/")
    lin.post(keep)
    assert [(each.trust, each.source_number) for each in own()] == [("seen", case.number)]
    # the clerk keeps nothing of it
    assert window.post(keep).status_code == 404


def test_queries_of_the_page_do_not_grow_with_what_is_kept(lin, made, django_assert_num_queries, queries):
    case = made("draft")
    lin.get(f"/drafts/{case.pk}/files/")
    with queries() as without:
        lin.get(f"/drafts/{case.pk}/files/")
    for number in range(3):
        making.kept(content=bytes([number]), sha256=str(number) * 64)
    with queries() as with_three:
        assert text(lin.get(f"/drafts/{case.pk}/files/")).count("用我存的") == 3
    assert len(with_three) == len(without)


def test_an_account_that_goes_takes_what_it_kept_along(lin):
    from accounts.services import materials

    kept, theirs = making.kept(), making.kept("zhou")
    assert materials.erase(actor("lin").person_id) == 1
    assert own() == []
    assert not storages["cases"].exists(kept.path)
    assert storages["cases"].exists(theirs.path)


def test_a_file_of_ones_kept_papers_goes_into_an_application_by_api(lin, made, inside):
    from cases.hall.models import CaseFile

    kept = making.kept()
    answer = lin.post("/api/v1/files/", {"kept": str(kept.pk), "material": "m1"})
    assert answer.status_code == 201
    with inside():
        assert CaseFile.objects.get(pk=answer.json()["id"]).sha256 == kept.sha256
    assert lin.post("/api/v1/files/", {}).status_code == 400
    assert lin.post("/api/v1/files/", {"kept": str(making.kept("zhou").pk)}).status_code == 404


@pytest.mark.parametrize(
    ("material", "kinds"),
    [
        ("法定代表人身份证", ["id_card"]),
        ("身份证或营业执照", ["id_card", "business_licence"]),
        ("营业执照遗失声明", []),
        ("居民户口簿", ["household"]),
        ("申请表", []),
    ],
)
def test_which_kinds_a_material_may_be(material, kinds):
    from accounts import material_kinds

    assert [kind.code for kind in material_kinds.kinds_of(material)] == kinds
