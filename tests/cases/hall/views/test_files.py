"""传材料: what is refused says so in its own words, and nothing that was there is lost."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cases.hall.making import upload
from tests.cases.hall.views.conftest import content, text
from tests.template import LICENCE

HALF_A_PHOTO = upload().read()[:200]
REFUSED = {
    "empty": (SimpleUploadedFile("照片.jpg", b""), "这份是空的，请重新选"),
    "renamed": (SimpleUploadedFile("照片.jpg", b"MZ a program"), "只能传 JPG、PNG、HEIC、PDF"),
    "broken": (SimpleUploadedFile("照片.jpg", HALF_A_PHOTO), "这个文件打不开，请重新拍"),
    "broken PDF": (SimpleUploadedFile("证明.pdf", b"%PDF-1.7 and nothing"), "这个文件打不开，请重新拍"),
}


def files_of(case):
    from cases.hall.models import CaseFile

    return list(CaseFile.objects.filter(case=case, removed_at=None).values_list("material_key", "name"))


@pytest.mark.parametrize(("file", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_file_says_why_in_its_block_and_the_former_stays(file, words, lin, made, inside):
    case = made("draft")
    file.seek(0)
    page = text(lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": file}))

    assert f"错误：{words}" in page
    assert f'<a href="#id_m1_upload">身份证：{words}</a>' in page
    with inside():
        assert files_of(case) == [("m1", "照片.jpg")]


def test_a_file_that_is_too_large_says_how_large_it_may_be(lin, made, inside):
    case = made("draft")
    content = BytesIO(b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024))
    page = text(
        lin.post(
            f"/drafts/{case.pk}/files/m1/add/", {"upload": SimpleUploadedFile("大.jpg", content.getvalue())}
        )
    )

    assert "太大（20.1 MB），最多 20 MB" in page
    with inside():
        assert files_of(case) == [("m1", "照片.jpg")]


def test_sending_no_file_asks_for_one(lin, made):
    case = made("draft")

    assert "请选结婚证的照片或文件" in text(lin.post(f"/drafts/{case.pk}/files/m2/add/"))


def test_a_good_file_leads_back_to_its_block_and_replaces_the_former(lin, made, inside):
    case = made("draft")
    answer = lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": upload("正面.jpeg", (1, 2, 3))})

    assert answer["Location"] == f"/drafts/{case.pk}/files/#m-m1"
    with inside():
        assert files_of(case) == [("m1", "正面.jpg")]


def test_a_material_that_nobody_asked_for_is_a_404(lin, made, inside):
    case = made("draft")

    assert lin.post(f"/drafts/{case.pk}/files/m9/add/", {"upload": upload()}).status_code == 404
    with inside():
        assert files_of(case) == [("m1", "照片.jpg")]


def test_going_on_without_a_needed_file_leads_to_its_block(lin, inside):
    url = lin.post(f"/items/{LICENCE}/apply/")["Location"]
    page = text(lin.post(f"{url}files/"))

    assert '<a href="#id_m1_upload">请选身份证的照片或文件</a>' in page
    assert "请选结婚证" not in page


def test_one_gets_ones_own_file_back_as_an_attachment(lin, zhou, window, made, inside):
    from cases.hall.models import CaseFile

    case = made("draft")
    with inside():
        file = CaseFile.objects.get()
    path = f"/drafts/{case.pk}/files/{file.pk}/"
    answer = lin.get(path)

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/jpeg"
    assert content(answer).startswith(b"\xff\xd8\xff")
    assert [client.get(path).status_code for client in (zhou, window)] == [404, 404]


def test_a_file_is_removed_by_its_owner_alone(lin, zhou, made, inside):
    from cases.hall.models import CaseFile

    case = made("draft")
    with inside():
        file = CaseFile.objects.get()
    path = f"/drafts/{case.pk}/files/{file.pk}/remove/"

    assert zhou.post(path).status_code == 404
    with inside():
        assert files_of(case) == [("m1", "照片.jpg")]
    assert lin.post(path)["Location"] == f"/drafts/{case.pk}/files/#m-m1"
    with inside():
        assert files_of(case) == []
