"""What must be true of every hall's papers: findings of check_halls, each one sentence."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.core.files.storage import storages

from cases.hall.models import Event, Serial
from cases.hall.paperwork import Paper
from cases.hall.transitions import DEPARTMENT, TABLE
from cases.shared.models import Verification
from tenants.shared.models import Hall

_NUMBER = re.compile(r"〔(\d{4})〕(\d{5,})号$")
_DOCUMENT = {step.logged_as: step.document for step in TABLE if step.document}
_SHOWN = 5


def documents_have_no_gap(hall: Hall) -> Iterator[str]:
    """Compare the numbers of each kind and year with 1, 2, 3 and so on up to the last that was given."""
    given: dict[str, Counter[int]] = defaultdict(Counter)
    for action, number in (
        Event.objects.exclude(document_no="")
        .exclude(actor_post=DEPARTMENT)
        .values_list("action", "document_no")
        .order_by("id")
    ):
        found = _NUMBER.search(number)
        if found is None or action not in _DOCUMENT:
            yield f"document {number}: it is no number of a document"
            continue
        given[f"doc:{_DOCUMENT[action]}:{found[1]}"][int(found[2])] += 1
    last = dict(Serial.objects.filter(key__startswith="doc:").values_list("key", "last").order_by("key"))
    for key in sorted({*given, *last}):
        numbers, end = given[key], last.get(key, 0)
        missing = [number for number in range(1, end + 1) if number not in numbers]
        doubled = sorted(number for number, times in numbers.items() if times > 1)
        beyond = sorted(number for number in numbers if not 1 <= number <= end)
        for words, found_numbers in (("missing", missing), ("double", doubled), ("beyond its last", beyond)):
            if found_numbers:
                yield f"documents {key}: {len(found_numbers)} {words}, first {found_numbers[:_SHOWN]}"


def papers_are_there(hall: Hall) -> Iterator[str]:
    """Look for each paper's signed file, compare its bytes with what was written down, and that with the public row."""
    storage = storages["cases"]
    public = dict(Verification.objects.values_list("code", "sha256").order_by("code"))
    found = Paper.objects.values_list("document_no", "verification_code", "made_at", "path", "sha256")
    for number, code, made_at, path, sha256 in found.order_by("id").iterator(chunk_size=500):
        if code not in public:
            yield f"paper {number}: nobody can verify it"
        elif public[code] != sha256:
            yield f"paper {number}: the public row knows another file"
        if made_at is None:
            continue
        if not path.startswith(f"{hall.role}/"):
            yield f"paper {number}: it lies outside this hall's folder"
        elif not storage.exists(path):
            yield f"paper {number}: its file is gone"
        else:
            with storage.open(path) as stream:
                if hashlib.sha256(stream.read()).hexdigest() != sha256:
                    yield f"paper {number}: its file was changed"
