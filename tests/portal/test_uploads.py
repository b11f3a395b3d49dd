"""A PDF that somebody brings: ours as it was issued, ours and changed, somebody else's, or no PDF that can be read."""

import io
import random
import zlib
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from portal import uploads
from portal.uploads import Outcome, Refused
from tests.cases.hall import making
from tests.template import LICENCE, NOW


@pytest.fixture
def paper(east):
    """A licence of east's with its signed file."""
    from cases.hall.paperwork import Paper
    from cases.hall.services import papers
    from tenants.shared import scope

    with scope.hall(east):
        made = papers.at_once(
            Paper.objects.get(event__case=making.at("granted", LICENCE), kind="grant"), now=NOW
        )
        return made.verification_code, papers.content(made)


def looked(content):
    from tenants.shared import scope

    with scope.portal():
        return uploads.look(io.BytesIO(content), len(content))


def signed_by(folder, content, name="key.p12"):
    """Return a PDF signed with a key of one's own."""
    from cases.shared import signing
    from config import signing_key

    path = folder / name
    signing_key.make_demo(path, now=datetime.now(tz=UTC))
    with override_settings(SIGNING_KEY=str(path)):
        return signing.sign(content, name="别人", place="https://elsewhere.example/")


def plain(pages=1, **extra):
    content, writer = io.BytesIO(), PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(72, 72)
    if "password" in extra:
        writer.encrypt(extra["password"])
    writer.write(content)
    return content.getvalue()


def test_our_file_is_known_by_its_bytes(paper):
    code, content = paper

    found = looked(content)

    assert (found.outcome, found.paper.code) == (Outcome.SAME, code)


def test_a_file_with_one_byte_changed_is_told_as_changed_wherever_it_is(paper):
    code, content = paper
    places = [0, 1, 7, len(content) - 1, content.index(b"/ByteRange") + 3, content.index(b"/Contents") + 40]
    places += random.Random(1).sample(range(len(content)), 60)

    for place in places:
        changed = bytearray(content)
        changed[place] ^= 0x01
        found = looked(bytes(changed))
        assert (place, found.outcome, found.paper.code) == (place, Outcome.CHANGED, code)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), value=st.integers(1, 255))
def test_no_byte_may_be_changed(paper, place, value):
    code, content = paper
    changed = bytearray(content)
    changed[place % len(content)] ^= value

    found = looked(bytes(changed))

    assert (found.outcome, found.paper.code) == (Outcome.CHANGED, code)


@pytest.mark.parametrize(
    "change", [lambda file: file + b"\n", lambda file: file[:-1], lambda file: plain() + file]
)
def test_what_was_added_or_cut_off_is_told_too(paper, change):
    assert looked(change(paper[1])).outcome == Outcome.CHANGED


def test_half_a_file_is_no_proof_of_anything(paper):
    with pytest.raises(Refused, match="打不开"):
        looked(paper[1][: len(paper[1]) // 2])


def without_row():
    """Take away what the portal knows of papers: then the signature alone speaks."""
    from cases.shared.models import Verification
    from tenants.shared import queries, scope

    hall = next(hall for hall in queries.halls() if hall.key == "east")
    with scope.hall(hall):
        Verification.objects.all().update(sha256="")
        for row in Verification.objects.all():
            Verification.objects.filter(code=row.code).update(code=f"gone{row.code[4:]}")


def test_without_a_row_the_signature_says_whether_it_is_ours_and_whole(paper):
    _code, content = paper
    without_row()

    assert looked(content).outcome == Outcome.UNKNOWN
    changed = content.replace(b"/Type /Sig", b"/Type /Sog", 1)
    start = content.index(b"/Title") if b"/Title" in content else 600
    for place in (start + 9, 500, 1000):
        broken = bytearray(content)
        broken[place] ^= 0x01
        try:
            outcome = looked(bytes(broken)).outcome
        except Refused:
            # what can no longer be parsed is no proof of anything
            continue
        assert outcome == Outcome.CHANGED, place
    assert looked(changed).outcome in {Outcome.CHANGED, Outcome.FOREIGN}
    # something written after the signature is not covered by it
    assert looked(content + b"\n%%EOF\n").outcome == Outcome.CHANGED


def test_another_key_and_no_key_are_not_ours(paper, tmp_path):
    assert looked(signed_by(tmp_path, plain())).outcome == Outcome.FOREIGN
    assert looked(plain()).outcome == Outcome.FOREIGN


def test_a_file_that_names_our_paper_and_is_another_is_told_as_changed(paper, tmp_path):
    code, _content = paper
    forged = signed_by(tmp_path, plain() + f"\n% https://portal.example/verify/{code}/\n".encode())

    found = looked(forged)

    assert (found.outcome, found.paper.code) == (Outcome.CHANGED, code)


def test_a_former_key_is_still_ours(paper, tmp_path):
    from cases.shared import signing

    _code, content = paper
    without_row()
    former = tmp_path / "former.pem"
    former.write_bytes(signing.pem(signing.certificates()))
    signed_by(tmp_path, plain(), "new.p12")

    with override_settings(SIGNING_KEY=str(tmp_path / "new.p12")):
        assert looked(content).outcome == Outcome.FOREIGN
        with override_settings(SIGNING_FORMER=str(former)):
            assert looked(content).outcome == Outcome.UNKNOWN


def bomb():
    """A PDF whose table of objects would be inflated to 200 MB."""
    packed = zlib.compress(b"\0" * 200_000_000, 9)
    body = b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /Size 9 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length "
    body += str(len(packed)).encode() + b" >>\nstream\n" + packed + b"\nendstream\nendobj\n"
    return body + b"startxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"", "是空的"),
        (lambda: b"GIF89a", "只能验 PDF"),
        (lambda: b"%PDF-1.7 nothing", "打不开"),
        (lambda: b"%PDF-" + b"\0" * uploads.MAX_SIZE, "太大，最多 5 MB"),
        (lambda: plain(password="secret"), "有密码"),
        (bomb, "打不开"),
    ],
    ids=["empty", "no pdf", "broken", "big", "encrypted", "bomb"],
)
def test_what_cannot_be_looked_at_says_why(content, said):
    with pytest.raises(Refused, match=said):
        looked(content())


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [(plain, 200, "文件没有我们的签章"), (lambda: b"x", 422, "只能验 PDF"), (lambda: b"", 422, "是空的")],
)
def test_the_page_answers_and_stores_nothing(content, status, said, portal_client, monkeypatch):
    from django.core.files.storage import Storage

    from cases.hall import files

    def stored(*_args, **_given):
        raise AssertionError("something was stored")

    monkeypatch.setattr(files, "store", stored)
    monkeypatch.setattr(Storage, "save", stored)

    answer = portal_client().post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", content())})

    assert (answer.status_code, said in answer.content.decode()) == (status, True)


def test_the_page_shows_the_state_of_the_paper_that_the_file_is(paper, portal_client):
    _code, content = paper
    same = (
        portal_client().post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", content)}).content.decode()
    )
    changed = (
        portal_client()
        .post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", content + b" ")})
        .content.decode()
    )

    assert "文件是我们签发的，没有改过" in same
    assert "有效" in same
    assert "林小禾" not in same
    assert "<title>文件被改过" in changed


def test_files_are_counted_like_codes(portal_client):
    from portal.views.verify import LIMIT

    client = portal_client()
    for _ in range(LIMIT):
        client.get("/verify/" + "a" * 32 + "/")

    answer = client.post("/verify/file/", {"file": SimpleUploadedFile("a.pdf", plain())})

    assert answer.status_code == 429
