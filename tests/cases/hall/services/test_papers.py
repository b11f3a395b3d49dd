"""Papers: ordered with the step, made and signed after it, once, whatever fails on the way."""

import hashlib
import re
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography import x509
from pypdf import PdfReader

from tests.cases.hall.making import LICENCE, NOW, act, actor, at
from tests.conftest import _hall

pytestmark = pytest.mark.usefixtures("in_east")


def paper_of(case, action="grant"):
    from cases.hall.paperwork import Paper

    return Paper.objects.get(event__case=case, event__action=action)


def public(paper):
    from cases.shared.models import Verification

    return Verification.objects.get(code=paper.verification_code)


def made(case, action="grant", now=NOW):
    from cases.hall.services import papers

    return papers.at_once(paper_of(case, action), now=now)


def text(content):
    pages = PdfReader(BytesIO(content)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def away(monkeypatch):
    """The key does not answer."""
    from cases.hall.services import papers
    from cases.shared import signing

    def fail(*_args, **_given):
        raise signing.CannotSign("TokenNotPresent")

    monkeypatch.setattr(papers.signing, "sign", fail)


def test_a_paper_is_ordered_with_the_step_and_its_file_follows():
    from cases.hall.services import papers

    paper = paper_of(at("granted"))
    assert (paper.is_made, public(paper).sha256, public(paper).state) == (False, "", "valid")

    paper = papers.at_once(paper, now=NOW)
    content = papers.content(paper)

    assert (paper.size, paper.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert public(paper).sha256 == paper.sha256
    assert paper.path.startswith(f"{_hall('east').role}/2026/")
    assert f"/verify/{paper.verification_code}/" in text(content)


def test_the_same_paper_is_the_same_bytes_for_ever():
    from cases.hall.services import papers

    first = made(at("granted"))
    content = papers.content(first)
    again = papers.at_once(first, now=NOW + timedelta(days=999))

    assert papers.content(again) == content
    assert papers._keep(first.pk, papers._make(first, _hall("east")), NOW) is False
    assert papers.content(paper_of(first.event.case)) == content


def test_every_step_with_a_number_has_a_paper_that_anybody_may_verify():
    case = at("delivered")
    case = act(act(case, "revoke", reason="材料是假的", data={"ground": "第六十九条"}), "confirm_revoke")
    numbered = case.events.exclude(document_no="")

    assert {event.action for event in numbered} == {"accept", "grant", "deliver", "revoke"}
    for event in numbered:
        found = public(event.paper)
        assert (found.document_no, found.kind, found.holder_masked) == (
            event.document_no,
            event.paper.kind,
            "林*",
        )


def test_the_signature_is_valid_against_the_keys_own_root():
    from concurrent.futures import ThreadPoolExecutor

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    from cases.hall.services import papers
    from cases.shared import signing

    content = papers.content(made(at("granted")))
    (root,) = signing.certificates()
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import Encoding

    trusted = Certificate.load(root.public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    context = ValidationContext(trust_roots=[trusted], allow_fetching=False)
    # in a thread of its own: a browser's loop may run in this one
    with ThreadPoolExecutor(1) as thread:
        status = thread.submit(validate_pdf_signature, signature, context).result()

    assert status.bottom_line, status.summary()
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert isinstance(root, x509.Certificate)
    # it stays a file for archives
    metadata = PdfReader(BytesIO(content)).root_object["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part(=\"|>)2", metadata)
    assert re.search(r"pdfaid:conformance(=\"|>)A", metadata)


def test_a_signer_that_is_away_costs_nobody_the_decision(monkeypatch, caplog):
    away(monkeypatch)
    case = at("granted")
    paper = made(case)

    assert (case.state, paper.is_made) == ("granted", False)
    assert "TokenNotPresent" in caplog.text
    assert "林小禾" not in caplog.text


def test_what_a_hall_words_stands_in_the_papers_of_its_day_and_stays_with_the_case():
    from cases.hall.services import layouts, papers

    staff, admin = actor("east_staff", ["branch_staff"]), actor("east_admin", ["branch_staff"])
    wording = layouts.Wording(
        {"title": "准予许可决定书", "body": "{申请人}：{事项}准了。"}, {"size": "large"}
    )
    layouts.save("grant", "", wording, seen=0, by=staff, now=NOW)
    version = layouts.publish("grant", "", seen=1, by=admin, now=NOW)
    case = at("granted")
    layouts.save("grant", "", layouts.Wording({"body": "后来的写法。"}, {}), seen=0, by=staff, now=NOW)
    layouts.publish("grant", "", seen=1, by=admin, now=NOW)

    paper = made(case)

    assert (paper.layout, paper.title, public(paper).title) == (version, "准予许可决定书", "准予许可决定书")
    said = text(papers.content(paper))
    assert "林小禾：小餐馆许可准了。" in said
    assert "后来的写法" not in said


@pytest.mark.parametrize(("starts_on", "is_used"), [(0, True), (1, False)])
def test_a_wording_holds_from_its_day_and_an_items_own_before_the_halls(starts_on, is_used):
    from cases.hall.services import layouts

    staff, admin = actor("east_staff", ["branch_staff"]), actor("east_admin", ["branch_staff"])
    day = NOW.date() + timedelta(days=starts_on)
    for code, words in (("", "本厅的话"), (LICENCE, "这个事项的话")):
        wording = layouts.Wording({"body": words}, {}, starts_on=day)
        layouts.save("accept", code, wording, seen=0, by=staff, now=NOW)
        layouts.publish("accept", code, seen=1, by=admin, now=NOW)

    own = paper_of(at("accepted"), "accept").facts.get("own", {})

    assert own.get("paragraphs") == (["这个事项的话"] if is_used else None)


def test_a_value_that_is_missing_brings_the_standard_back_and_staff_are_told():
    from cases.hall.paperwork import StaffNotice
    from cases.hall.services import layouts, papers

    staff, admin = actor("east_staff", ["branch_staff"]), actor("east_admin", ["branch_staff"])
    # this item has no term
    layouts.save("grant", "", layouts.Wording({"body": "用到{有效期到}"}, {}), seen=0, by=staff, now=NOW)
    layouts.publish("grant", "", seen=1, by=admin, now=NOW)

    case = at("granted")
    paper = made(case)

    assert (case.state, paper.layout) == ("granted", None)
    assert "现决定准予" in text(papers.content(paper))
    notice = StaffNotice.objects.get()
    assert (notice.kind, notice.case, notice.data["variable"]) == ("layout", case, "有效期到")


def test_a_wording_that_cannot_be_set_gives_way_when_the_paper_is_made(monkeypatch):
    from cases.hall import pdf
    from cases.hall.paperwork import StaffNotice
    from cases.hall.services import layouts, papers

    staff, admin = actor("east_staff", ["branch_staff"]), actor("east_admin", ["branch_staff"])
    layouts.save("grant", "", layouts.Wording({"body": "准了"}, {}), seen=0, by=staff, now=NOW)
    layouts.publish("grant", "", seen=1, by=admin, now=NOW)
    paper, render = paper_of(at("granted")), pdf.render

    def breaks(kind, facts):
        if facts["own"]:
            raise pdf.CannotSet("no", "no")
        return render(kind, facts)

    monkeypatch.setattr(papers.pdf, "render", breaks)
    paper = papers.at_once(paper, now=NOW)

    assert (paper.is_made, paper.layout) == (True, None)
    assert StaffNotice.objects.get().kind == "layout"


def licence_for(words):
    """Return a case of an item whose licences hold so long, reviewed."""
    case = at("review")
    case.item = {**case.item, "result_validity": words}
    case.save(update_fields=["item"])
    return case


def test_a_licence_for_a_time_says_until_when_and_another_paper_follows_its_first_day():
    from datetime import date

    case = act(licence_for("1 年"), "grant")
    first = public(paper_of(case))
    assert (first.valid_until, first.is_public) == (date(2027, 3, 2), True)
    assert [first.state_on(day) for day in (date(2027, 3, 2), date(2027, 3, 3))] == ["valid", "expired"]

    case = act(act(case, "hand_over"), "deliver")
    later = NOW + timedelta(days=30)
    case = act(
        act(case, "correct", reason="印错", data={"field": "validity", "value": "2 年"}),
        "confirm_correct",
        later,
    )
    again = public(paper_of(case, "correct"))

    assert again.valid_until == date(2028, 3, 2)
    assert again.issued_on == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("reissue", {}, "replaced"),
        ("correct", {"field": "holder", "value": "林小河"}, "replaced"),
        ("revoke", {"ground": "行政许可法第六十九条"}, "revoked"),
    ],
)
def test_what_comes_after_has_a_paper_and_number_of_its_own_and_the_old_one_names_it(name, data, state):
    from cases.hall.services import papers

    case = at("delivered")
    old = paper_of(case)
    case = act(act(case, name, reason="理由", data=data), f"confirm_{name}", NOW + timedelta(hours=1))
    new = made(case, name)

    assert new.document_no != old.document_no
    assert new.verification_code != old.verification_code
    assert (public(old).state, public(old).replaced_by) == (state, new.document_no)
    assert (public(new).state, public(new).replaced_by) == ("valid", "")
    assert new.document_no in text(papers.content(new))
    if name != "revoke":
        assert old.document_no in text(papers.content(new))


def test_a_step_from_before_papers_were_kept_gets_one_when_it_is_asked_for():
    from cases.hall.paperwork import Paper
    from cases.hall.services import papers

    case = at("granted")
    event, code = case.events.get(action="grant"), case.results.get().verification_code
    Paper.objects.filter(event=event).delete()

    paper = papers.of(case, event, NOW)

    assert (paper.verification_code, public(paper).document_no) == (code, event.document_no)
    with pytest.raises(LookupError):
        papers.of(case, case.events.get(action="review"), NOW)
