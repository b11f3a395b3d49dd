"""Files on their way: in parts, cut off, on a full disk; their pages; and what a clerk or a proxy sees of an identity paper."""

import io
import resource
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops
from pypdf import PdfReader

from tests.cases.hall import making
from tests.cases.hall.views.conftest import content, text
from tests.data import samples
from tests.template import NOW


def files_of(case):
    from cases.hall.models import CaseFile

    return list(CaseFile.objects.filter(case=case, removed_at=None).values_list("material_key", "name"))


def parts_there():
    """The names of parts of unfinished files that lie in the storage, and of rows that speak of them."""
    from cases.hall.models import Upload
    from cases.hall.services import attachments

    named = [attachments.part_name(row, offset) for row in Upload.objects.all() for offset in row.parts]
    return [storages["cases"].exists(name) for name in named]


def begun(client, case, sent, key="m1", name="照片.jpg"):
    answer = client.post(f"/drafts/{case.pk}/files/{key}/parts/", {"name": name, "size": len(sent)})
    assert answer.status_code == 201
    return answer.json()["url"]


def put(client, url, sent, offset, **headers):
    return client.put(
        url, sent, content_type="application/octet-stream", headers={"Upload-Offset": str(offset), **headers}
    )


def test_a_file_comes_in_parts_and_goes_on_where_it_broke(lin, made, inside):
    case, sent = made("draft"), samples.photo(900, 900, form="PNG")
    url = begun(lin, case, sent, name="身份证.png")
    half = len(sent) // 2

    assert put(lin, url, sent[:half], 0).json() == {"offset": half, "size": len(sent)}
    # not whole, and a part that does not follow: each says where to go on
    for wrong in (lin.post(f"{url}finish/"), put(lin, url, sent[half + 1 :], half + 1)):
        assert (wrong.status_code, wrong.json()["offset"]) == (409, half)
    # the answer was lost on the way: the same part again changes nothing
    assert put(lin, url, sent[:half], 0).json()["offset"] == half
    assert lin.get(url).json()["offset"] == half
    assert put(lin, url, sent[half:], half).status_code == 200

    first, again = lin.post(f"{url}finish/").json(), lin.post(f"{url}finish/").json()
    assert first == again == {"next": f"/drafts/{case.pk}/files/#m-m1"}
    with inside():
        assert files_of(case) == [("m1", "身份证.png")]
        assert parts_there() == []


def stored():
    """Every file of every hall."""
    return sorted(path for path in Path(storages["cases"].location).rglob("*") if path.is_file())


def cut_off(body, said, kind="application/octet-stream"):
    """A request's body that ends before its length: the line broke."""
    return {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(said), "CONTENT_TYPE": kind}


def test_a_form_that_was_cut_off_in_mid_file_leaves_no_row_and_no_file(lin, made, inside):
    case = made("draft")
    head = b'--B\r\nContent-Disposition: form-data; name="upload"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    sent = head + samples.photo() + b"\r\n--B--\r\n"
    address, kind = f"/drafts/{case.pk}/files/m1/add/", "multipart/form-data; boundary=B"
    there = stored()
    for cut in (len(head) + 9, len(sent) - 12):
        page = text(lin.generic("POST", address, **cut_off(sent[:cut], len(sent), kind)))
        assert "错误：" in page
    with inside():
        assert files_of(case) == [("m1", "照片.jpg")]
    assert stored() == there
    # the same, whole
    assert lin.generic("POST", address, **cut_off(sent, len(sent), kind)).status_code == 302


def test_a_part_that_was_cut_off_is_not_taken(lin, made, inside):
    case = made("draft")
    url = begun(lin, case, bytes(900))
    cut = lin.generic(
        "PUT",
        url,
        b"",
        "application/octet-stream",
        headers={"Upload-Offset": "0"},
        **cut_off(b"x" * 300, 400),
    )

    assert cut.status_code == 400
    with inside():
        assert parts_there() == []
    assert lin.get(url).json()["offset"] == 0


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"size": "0"}, 422),
        ({"size": str(20 * 1024 * 1024 + 1)}, 422),
        ({"size": "x"}, 422),
        ({}, 422),
        ({"size": "9" * 12}, 422),
    ],
)
def test_what_could_never_be_taken_is_refused_before_it_is_sent(given, status, lin, made):
    case = made("draft")
    answer = lin.post(f"/drafts/{case.pk}/files/m1/parts/", {"name": "a", **given})
    assert (answer.status_code, bool(answer.json()["problem"])) == (status, True)


def test_more_than_was_said_and_too_much_at_once_are_refused(lin, made, inside):
    case = made("draft")
    url = begun(lin, case, bytes(10))
    assert put(lin, url, bytes(11), 0).status_code == 422
    large = begun(lin, case, bytes(3 * 1024 * 1024))
    assert put(lin, large, bytes(1024 * 1024 + 1), 0).status_code == 422
    with inside():
        assert parts_there() == []


def test_of_many_that_are_begun_the_oldest_makes_way(lin, made, inside):
    case = made("draft")
    urls = [begun(lin, case, b"12") for _ in range(9)]
    assert [lin.get(url).status_code for url in urls] == [404, *[200] * 8]


def test_another_citizens_upload_is_nothing(lin, zhou, made):
    url = begun(lin, made("draft"), b"12")
    assert lin.get(url).status_code == 200
    assert [
        zhou.get(url).status_code,
        put(zhou, url, b"1", 0).status_code,
        zhou.post(f"{url}finish/").status_code,
    ] == [404] * 3


def test_what_nobody_finished_is_swept_away_and_a_discarded_draft_takes_its_parts_along(
    lin, made, inside, django_capture_on_commit_callbacks
):
    from cases.hall.models import Upload
    from cases.hall.services import attachments, drafts
    from cases.hall.services.uploads import parts
    from tests.conftest import actor

    case = made("draft")
    old, new = begun(lin, case, b"12"), begun(lin, case, b"12")
    for url in (old, new):
        put(lin, url, b"1", 0)
    with inside(), django_capture_on_commit_callbacks(execute=True):
        row = Upload.objects.order_by("begun_at").first()
        Upload.objects.filter(pk=row.pk).update(begun_at=row.begun_at - timedelta(days=2))
        assert parts.sweep(now=row.begun_at) == 1
    assert [lin.get(url).status_code for url in (old, new)] == [404, 200]
    with inside():
        assert not storages["cases"].exists(attachments.part_name(row, 0))
        left = attachments.part_name(Upload.objects.get(), 0)
        assert storages["cases"].exists(left)
        with django_capture_on_commit_callbacks(execute=True):
            drafts.discard(case, actor=actor("lin"), now=NOW)
        assert not storages["cases"].exists(left)


@contextmanager
def small_disk(most):
    """No file may grow beyond so many bytes: writing more fails as on a full disk, in the system itself."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


# while it is received, and while it is stored
@pytest.mark.parametrize("size", [(1600, 1400), (200, 150)], ids=["received", "stored"])
def test_a_full_disk_says_so_and_the_draft_stays_whole(size, lin, made, inside):
    case = made("draft")
    stream = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(stream, "PNG")
    sent = SimpleUploadedFile("照片.png", stream.getvalue())
    with small_disk(4096):
        answer = lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": sent})
        page = text(answer)

    assert answer.status_code == 507
    assert "没有存下" in page
    assert "请过一会儿再传" in page
    with inside():
        assert files_of(case) == [("m1", "照片.jpg")]
    assert lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": making.upload()}).status_code == 302


def test_a_full_disk_stops_a_part_and_it_goes_on_later(lin, made, inside):
    case, sent = made("draft"), samples.photo(300, 300)
    url = begun(lin, case, sent)
    with small_disk(100):
        assert put(lin, url, sent, 0).status_code == 507
    assert lin.get(url).json()["offset"] == 0
    assert put(lin, url, sent, 0).status_code == 200
    assert lin.post(f"{url}finish/").status_code == 200


def test_several_photographs_become_one_pdf_whose_pages_can_be_moved_and_turned(lin, made, inside):
    case = made("draft")
    sent = [
        SimpleUploadedFile(f"{n}.jpg", samples.photo(*size))
        for n, size in enumerate(((300, 200), (200, 300)), 1)
    ]
    assert lin.post(f"/drafts/{case.pk}/files/m1/add/", {"upload": sent}).status_code == 302

    def pages():
        with inside():
            file = case.files.get(removed_at=None)
            with storages["cases"].open(file.path) as stream:
                found = PdfReader(io.BytesIO(stream.read())).pages
                return file, [(page.mediabox.width > page.mediabox.height, page.rotation) for page in found]

    file, first = pages()
    assert (file.name, first) == ("1.pdf", [(True, 0), (False, 0)])
    shown = text(lin.get(f"/drafts/{case.pk}/files/{file.pk}/pages/"))
    assert shown.count("往后挪") == shown.count("往前挪") == 1
    picture = lin.get(f"/drafts/{case.pk}/files/{file.pk}/pages/1/")
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"

    lin.post(f"/drafts/{case.pk}/files/{file.pk}/pages/1/change/", {"act": "later"})
    file, moved = pages()
    lin.post(f"/drafts/{case.pk}/files/{file.pk}/pages/2/change/", {"act": "turn"})
    file, turned = pages()
    lin.post(f"/drafts/{case.pk}/files/{file.pk}/pages/add/", {"upload": making.upload()})
    file, longer = pages()
    lin.post(f"/drafts/{case.pk}/files/{file.pk}/pages/1/change/", {"act": "remove"})
    assert moved == [(False, 0), (True, 0)]
    assert turned == [(False, 0), (True, 90)]
    assert len(longer) == 3
    assert pages()[1] == longer[1:]


def test_a_photograph_is_turned_by_a_button(lin, made, inside):
    case = made("draft")
    lin.post(
        f"/drafts/{case.pk}/files/m1/add/", {"upload": SimpleUploadedFile("a.jpg", samples.photo(80, 60))}
    )
    with inside():
        before = case.files.get(removed_at=None)
    answer = lin.post(f"/drafts/{case.pk}/files/{before.pk}/pages/1/change/", {"act": "turn"})
    with inside():
        after = case.files.get(removed_at=None)
        with storages["cases"].open(after.path) as stream:
            assert Image.open(stream).size == (60, 80)
    assert answer["Location"] == f"/drafts/{case.pk}/files/{after.pk}/pages/#p-1"
    # a page that somebody turned meanwhile in another window
    assert (
        lin.post(f"/drafts/{case.pk}/files/{before.pk}/pages/1/change/", {"act": "turn"}).status_code == 404
    )


def test_the_page_says_before_choosing_what_may_be_sent(lin, made):
    page = text(lin.get(f"/drafts/{made('draft').pk}/files/"))
    assert page.index("照片（JPG、PNG、HEIC）、PDF") < page.index('type="file"')
    assert page.index("每份最多 20 MB") < page.index('type="file"')
    assert 'accept="image/*,.heic,.heif,.pdf"' in page


def difference(one, other):
    """How much of two pictures of the same size differs."""
    first, second = (Image.open(io.BytesIO(each)).convert("L") for each in (one, other))
    assert first.size == second.size
    return sum(ImageChops.difference(first, second).point(lambda value: value > 24 and 255).histogram()[128:])


def test_an_identity_paper_is_marked_for_the_clerk_and_plain_for_its_owner(lin, window, made, inside):
    with inside():
        from cases.hall.services import drafts
        from tests.conftest import actor

        case = making.draft()
        sent = SimpleUploadedFile("身份证.jpg", samples.photo(800, 500, colour=(230, 230, 230)))
        drafts.add_file(case, material_key="m1", upload=sent, actor=actor("lin"), now=NOW)
    case = made("handed_in", case)
    with inside():
        file = case.files.get(removed_at=None)
    own, clerks = (content(client.get(f"/cases/{case.number}/files/{file.pk}/")) for client in (lin, window))
    seen = window.get(f"/clerk/cases/{case.number}/files/{file.pk}/1/").content

    with inside(), storages["cases"].open(file.path) as stream:
        assert own == stream.read()
    assert difference(own, clerks) > 4000
    size = Image.open(io.BytesIO(seen)).size
    plain = io.BytesIO()
    Image.open(io.BytesIO(own)).resize(size).save(plain, "JPEG")
    assert difference(plain.getvalue(), seen) > 4000


def test_a_clerk_notes_once_that_a_file_was_compared_with_the_original(window, lin, made, inside):
    from audit.models import Record

    case = made("submitted")
    with inside():
        file = case.files.get()
    address = f"/clerk/cases/{case.number}/files/{file.pk}/compare/"
    assert "和原件一样" in text(window.get(f"/clerk/cases/{case.number}/"))
    for _again in range(2):
        assert window.post(address)["Location"].startswith(f"/clerk/cases/{case.number}/?file={file.pk}")
    assert lin.post(address).status_code == 403

    page = text(window.get(f"/clerk/cases/{case.number}/"))
    assert "核过原件" in page
    assert "和原件一样" not in page
    with inside():
        assert Record.objects.filter(action="case.compare_file").count() == 1
