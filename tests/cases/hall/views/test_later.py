"""补材料: while nothing is decided, by the applicant alone, and nothing is replaced."""

import pytest

from tests.cases.hall.making import upload
from tests.cases.hall.views.conftest import text


def names(case, inside):
    with inside():
        return list(
            case.files.filter(removed_at=None).order_by("uploaded_at").values_list("material_key", flat=True)
        )


@pytest.mark.parametrize("state", ["submitted", "accepted", "review"])
def test_a_paper_may_follow_until_the_decision(state, made, lin, inside):
    case = made("at", state)
    page = f"/cases/{case.number}/files/"

    assert f'href="{page}">补一份材料' in text(lin.get(f"/cases/{case.number}/"))
    assert lin.post(f"{page}m2/add/", {"upload": upload("结婚证.jpg")})["Location"] == f"{page}#m-m2"
    assert names(case, inside) == ["m1", "m2"]
    assert "结婚证.jpg" in text(lin.get(page))


def test_a_decided_case_takes_nothing_more(made, lin, inside):
    case = made("at", "granted")
    page = f"/cases/{case.number}/files/"

    assert lin.get(page)["Location"] == f"/cases/{case.number}/"
    assert "这件已经有结果了，不能再补材料" in text(lin.post(f"{page}m2/add/", {"upload": upload()}))
    assert names(case, inside) == ["m1"]


def test_nobody_else_adds_to_it(made, zhou, window, inside):
    case = made("submitted")
    page = f"/cases/{case.number}/files/"

    for client in (zhou, window):
        assert client.get(page).status_code == 404
        assert client.post(f"{page}m2/add/", {"upload": upload()}).status_code == 404
    assert names(case, inside) == ["m1"]


def test_a_material_that_nobody_asked_for_is_a_404(made, lin):
    case = made("submitted")

    assert lin.post(f"/cases/{case.number}/files/m9/add/", {"upload": upload()}).status_code == 404


def test_a_refused_file_says_why(made, lin):
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = made("submitted")
    page = text(lin.post(f"/cases/{case.number}/files/m2/add/", {"upload": SimpleUploadedFile("a.jpg", b"")}))

    assert '<a href="#id_m2_upload">结婚证：这份是空的，请重新选</a>' in page
