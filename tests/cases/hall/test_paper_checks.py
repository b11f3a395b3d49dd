"""check_halls finds a number that is missing, and a paper that is not what was signed."""

import pytest
from django.core.files.storage import storages

from tests.cases.hall.making import NOW, at

pytestmark = pytest.mark.usefixtures("in_east")


def gaps():
    from cases.hall import paper_checks

    return list(paper_checks.documents_have_no_gap(None))


def lost(hall):
    from cases.hall import paper_checks

    return list(paper_checks.papers_are_there(hall))


def test_a_gap_and_a_number_beyond_the_last_are_named():
    from cases.hall.models import Serial

    at("accepted")
    assert gaps() == []

    Serial.objects.filter(key="doc:accept:2026").update(last=3)
    assert gaps() == ["documents doc:accept:2026: 2 missing, first [2, 3]"]
    Serial.objects.filter(key="doc:accept:2026").update(last=0)
    assert gaps() == ["documents doc:accept:2026: 1 beyond its last, first [1]"]


def test_no_number_stands_on_two_papers():
    from django.db import IntegrityError, transaction

    from cases.hall.models import Event

    number = at("accepted").events.get(action="accept").document_no
    with pytest.raises(IntegrityError), transaction.atomic():
        event = at("submitted").events.get()
        Event.objects.create(
            case=event.case, sequence=9, action="accept", from_state="submitted", to_state="accepted", at=NOW, document_no=number,
            actor=None,
        )  # fmt: skip


def test_a_file_that_is_gone_or_changed_and_a_public_row_of_another_are_named(east):
    from cases.hall.paperwork import Paper
    from cases.hall.services import papers
    from cases.shared.models import Verification

    at("accepted")
    paper = papers.at_once(Paper.objects.get(), now=NOW)
    assert lost(east) == []

    with open(storages["cases"].path(paper.path), "ab") as file:
        file.write(b" ")
    assert lost(east) == [f"paper {paper.document_no}: its file was changed"]
    storages["cases"].delete(paper.path)
    Verification.objects.update(sha256="0" * 64)
    assert lost(east) == [
        f"paper {paper.document_no}: the public row knows another file",
        f"paper {paper.document_no}: its file is gone",
    ]
    Paper.objects.update(path="elsewhere/2026/x")
    Verification.objects.all().update(sha256=paper.sha256)
    assert lost(east) == [f"paper {paper.document_no}: it lies outside this hall's folder"]
