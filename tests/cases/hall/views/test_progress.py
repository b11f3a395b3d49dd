"""A case's own page, its receipt, files and papers: for its owner and the desk."""

from io import BytesIO

import pytest
from django.utils import timezone

from tests.cases.hall.views.conftest import content, text
from tests.template import BIRTH

STATES = ("submitted", "accepted", "not_accepted", "review", "granted", "refused", "delivering", "delivered")


@pytest.fixture
def others(east, west, hall_client, zhou):
    """Who must see nothing of a case of lin's in east, by name."""
    return {
        "another citizen": zhou,
        "staff without a desk": hall_client(east, "east_staff"),
        "the clerk by a citizen's way in": hall_client(east, "east_window", by_ticket=True),
        "another hall's clerk": hall_client(west, "west_window"),
        "the owner in another hall": hall_client(west, "lin"),
        "the city": hall_client(east, "city_admin"),
    }


@pytest.mark.parametrize("state", STATES)
def test_every_state_says_where_it_stands_and_shows_its_steps(state, made, lin):
    case = made("at", state, now=timezone.now())
    page = text(lin.get(f"/cases/{case.number}/"))

    card = page[page.index('<div class="status') : page.index("办到哪一步了")]
    assert "<h2>" in card
    assert ("<time" in card) == (state not in {"not_accepted", "delivered"})
    assert ("下载" in card) == (state in {"not_accepted", "granted", "refused", "delivering", "delivered"})
    assert page.count('<li class="') >= 2


def test_strangers_find_nothing(made, lin, window, others, east, hall_client):
    case = made("at", "granted")
    for page in ("", "receipt/", "result.pdf"):
        path = f"/cases/{case.number}/{page}"

        assert lin.get(path).status_code == 200
        assert {name: client.get(path).status_code for name, client in others.items()} == dict.fromkeys(
            others, 404
        )
        assert hall_client(east).get(path)["Location"].startswith("/come-in/?next=%2Fcases%2F")
    assert window.get(f"/cases/{case.number}/").status_code == 200


def test_the_query_code_is_its_owners(made, lin, window):
    case = made("submitted")
    path = f"/cases/{case.number}/receipt/"

    assert case.query_code in text(lin.get(path))
    assert window.get(path).status_code == 404
    assert case.query_code not in text(window.get(f"/cases/{case.number}/"))


def test_the_receipt_tells_what_comes_and_prints(made, lin):
    from theming.formats import cn_day

    case = made("submitted", now=timezone.now())
    page = text(lin.get(f"/cases/{case.number}/receipt/?print=1"))

    assert '<html lang="zh-Hans" class="print">' in page
    assert f"{cn_day(case.due_on)}" in page
    assert "告诉您收不收" in page
    assert f'href="/cases/{case.number}/">看进度' in page


def test_a_day_that_has_passed_is_not_promised_again(made, lin):
    case = made("submitted")
    for address in ("", "receipt/"):
        page = text(lin.get(f"/cases/{case.number}/{address}"))

        assert "已超过答复您的日期，正在催办。" in page
        assert "告诉您收不收" not in page


def test_an_item_that_is_no_licence_gives_its_result_itself(made, lin):
    from pypdf import PdfReader

    case = made("at", "granted", BIRTH)
    answer = lin.get(f"/cases/{case.number}/result.pdf")

    assert "下载登记凭证（PDF" in text(lin.get(f"/cases/{case.number}/"))
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert "登记凭证" in paper
    assert "决定书" not in paper


def test_numbers_stay_masked_even_for_the_owner_and_the_desk(made, lin, window):
    case = made("submitted")
    for client in (lin, window):
        page = text(client.get(f"/cases/{case.number}/"))

        assert "110105********002X" in page
        assert "19491231" not in page


def test_a_file_leaves_as_an_attachment_to_owner_and_desk(made, lin, window, others, inside):
    from cases.hall.models import CaseFile

    case = made("submitted")
    with inside():
        file = CaseFile.objects.get()
    path = f"/cases/{case.number}/files/{file.pk}/"

    for client in (lin, window):
        answer = client.get(path)
        assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
        assert answer["Content-Disposition"].startswith("attachment")
        content(answer)
    assert {name: client.get(path).status_code for name, client in others.items()} == dict.fromkeys(
        others, 404
    )


def test_a_file_of_another_case_is_not_had_by_this_ones_address(made, lin, inside):
    from cases.hall.models import CaseFile
    from tests.template import BIRTH

    one, other = made("submitted"), made("submitted", BIRTH)
    with inside():
        file = CaseFile.objects.get(case=other)

    answer = lin.get(f"/cases/{other.number}/files/{file.pk}/")
    assert answer.status_code == 200
    content(answer)
    assert lin.get(f"/cases/{one.number}/files/{file.pk}/").status_code == 404


def test_the_result_is_a_pdf_whose_size_the_page_tells(made, lin):
    from theming.formats import file_size

    case = made("at", "granted")
    answer = lin.get(f"/cases/{case.number}/result.pdf")

    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert f"下载准予决定书（PDF，{file_size(len(answer.content))}）" in text(
        lin.get(f"/cases/{case.number}/")
    )


def test_before_a_decision_there_is_no_result(made, lin):
    case = made("at", "review")

    assert lin.get(f"/cases/{case.number}/result.pdf").status_code == 404


def test_a_notice_is_had_by_its_step_and_a_step_without_one_has_none(made, lin, zhou, inside):
    case = made("at", "accepted")
    with inside():
        submit, accept = case.events.order_by("sequence")

    assert lin.get(f"/cases/{case.number}/papers/{accept.pk}/").content.startswith(b"%PDF-")
    assert lin.get(f"/cases/{case.number}/papers/{submit.pk}/").status_code == 404
    assert zhou.get(f"/cases/{case.number}/papers/{accept.pk}/").status_code == 404


def test_a_proposed_refusal_is_told_to_the_desk_alone(made, lin, window):
    case = made("at", "review")
    made("act", case, "refuse", reason="面积不够")

    assert "面积不够" not in text(lin.get(f"/cases/{case.number}/"))
    assert "等负责人确认不同意" in text(window.get(f"/cases/{case.number}/"))


def test_a_refusal_tells_reason_and_rights(made, lin):
    case = made("at", "refused")
    page = text(lin.get(f"/cases/{case.number}/"))

    assert "理由：理由" in page
    assert "60 天内申请行政复议，6 个月内起诉" in page


@pytest.mark.parametrize("state", ["submitted", "delivered"])
def test_the_page_costs_the_same_however_long_the_story(state, made, lin, queries):
    case = made("at", state)
    lin.get(f"/cases/{case.number}/")
    with queries() as seen:
        lin.get(f"/cases/{case.number}/")

    assert len(seen) == 5, seen
