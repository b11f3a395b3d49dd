"""Papers that show who somebody is carry hall, case and purpose wherever anybody but their owner looks at them.

What was handed in is kept unmarked, as evidence, and is given back so to the person alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.core.files.storage import storages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import material_kinds
from cases.hall import leaves
from cases.hall.leaves import making
from cases.hall.models import Case, CaseFile
from cases.hall.queries import access
from cases.hall.views.download import attachment, guard, named
from tenants.shared.http import HallRequest


def mark(request: HallRequest, case: Case, file: CaseFile) -> str:
    """Return what is to be written over a file for who asks; empty for its owner, and for what shows nobody."""
    if access.is_self(request.actor, case):
        return ""
    names = {str(row["key"]): str(row["name"]) for row in case.item.get("materials") or []}
    if not material_kinds.is_identity(names.get(file.material_key, "")):
        return ""
    hall = request.hall.name if request.hall else ""
    number = _("（办件编号 {number}）").format(number=case.number) if case.number else ""
    first = _("仅供 {hall} 办理").format(hall=hall)
    second = _("《{item}》{number}使用").format(item=case.item_name[:24], number=number)
    return f"{first}\n{second}\n{timezone.localdate():%Y-%m-%d}"


def given(request: HallRequest, case: Case, file: CaseFile) -> HttpResponseBase:
    """Answer with a file as an attachment: marked where it must be. Whether the asker may have it was decided before.

    Raises Http404. 422 says why a marked copy cannot be made.
    """
    text = mark(request, case, file)
    if not text:
        return attachment(file)
    try:
        with _stored(file) as stream:
            content_type, content = making.marked(stream.read(), file.content_type, text)
    except leaves.Unreadable:
        sentence = _("这份是证件，下载要带水印；它太长或打不开，做不出带水印的。请在页面里一页一页看。")
        response = HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=422)
        guard(response)
        return response
    ending = {"image/jpeg": ".jpg"}.get(content_type, ".pdf")
    return named(content, f"{file.name.rpartition('.')[0]}{ending}", content_type)


@contextmanager
def _stored(file: CaseFile) -> Iterator[IO[bytes]]:
    try:
        stream = storages["cases"].open(file.path)
    except FileNotFoundError:
        raise Http404 from None
    with stream:
        yield stream
