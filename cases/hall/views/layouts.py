"""The staff's pages of a hall's own wordings: one person edits and looks at the sample, another publishes."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import post_required
from cases.hall import layouts, pdf, samples
from cases.hall.forms.layouts import LayoutForm, initial
from cases.hall.paperwork import PaperDraft, PaperVersion
from cases.hall.queries import layouts as wordings
from cases.hall.services import layouts as services
from cases.hall.views import download
from catalog.hall.views.staff import EDITORS, may_edit
from tenants.shared.http import HallRequest

_REFUSALS = (services.NoDraft, services.SamePerson, services.NothingChanged, services.ChangedMeanwhile)
_DONE = ("saved", "published", "dropped")


@require_safe
@post_required()
def index(request: HallRequest) -> HttpResponse:
    """Show every kind of paper with the wording that holds and the draft that waits."""
    return _index(request)


def _index(request: HallRequest, problem: str = "", *, status: int = 200) -> HttpResponse:
    rows = wordings.rows(timezone.localdate())
    shown = {
        "general": [row for row in rows if not row.item_code],
        "special": [row for row in rows if row.item_code],
        "kinds": [(kind.value, pdf.title(kind)) for kind in pdf.Kind],
        "may_edit": may_edit(request),
        "problem": [problem] if problem else [],
        "asked": {name: request.GET.get(name, "") for name in ("kind", "item")},
    }
    return render(request, "cases_hall/layouts.html", shown, status=status)


@require_safe
@post_required(*EDITORS)
def of_item(request: HallRequest) -> HttpResponse:
    """Lead to the wording of one item's paper, whose code was typed."""
    kind, code = request.GET.get("kind", ""), request.GET.get("item", "").strip()
    if kind not in pdf.TITLES or not code or wordings.item_name(code) is None:
        return _index(request, _("没有这个事项，请对照事项页面上的编码再看一遍"), status=422)
    return redirect(_address(kind, code))


@require_http_methods(["GET", "HEAD", "POST"])
@post_required()
def one(request: HallRequest, kind: str) -> HttpResponseBase:
    """Show one wording with its draft and versions; who fits items to the hall edits it."""
    if request.method == "POST":
        return _saved(request, kind)
    code, draft, versions = _found(request, kind)
    form = LayoutForm(initial=initial(draft, versions[0] if versions else None))
    return _page(request, kind, code, form, draft, versions)


@post_required(*EDITORS)
def _saved(request: HallRequest, kind: str) -> HttpResponse:
    code, draft, versions = _found(request, kind)
    form = LayoutForm(request.POST)
    status = 422
    if form.is_valid():
        values = form.cleaned_data
        wording = services.Wording(form.texts(), form.choices(), values["starts_on"], values["why"])
        try:
            services.save(kind, code, wording, seen=values["seen"], by=request.actor, now=timezone.now())
        except services.BadTexts as refusal:
            for name, lines in refusal.problems.items():
                form.add_error(name, lines)
        except services.ChangedMeanwhile as refusal:
            form.add_error(None, str(refusal))
            status = 409
        else:
            return redirect(_address(kind, code, "saved"))
    return _page(request, kind, code, form, draft, versions, status=status)


@require_POST
@post_required(*EDITORS)
def publish(request: HallRequest, kind: str) -> HttpResponse:
    """Put the draft in force, as its second person."""
    code, draft, versions = _found(request, kind)
    seen = request.POST.get("seen", "")
    try:
        services.publish(
            kind, code, seen=int(seen) if seen.isdigit() else 0, by=request.actor, now=timezone.now()
        )
    except (*_REFUSALS, services.BadTexts) as refusal:
        return _refused(request, kind, code, draft, versions, str(refusal))
    return redirect(_address(kind, code, "published"))


@require_POST
@post_required(*EDITORS)
def discard(request: HallRequest, kind: str) -> HttpResponse:
    """Throw the draft away."""
    code, draft, versions = _found(request, kind)
    try:
        services.discard(kind, code, by=request.actor, now=timezone.now())
    except services.NoDraft as refusal:
        return _refused(request, kind, code, draft, versions, str(refusal))
    return redirect(_address(kind, code, "dropped"))


@require_safe
@post_required()
def sample(request: HallRequest, kind: str) -> HttpResponse:
    """Give the sample of the draft, or of what holds, as PDF with invented facts."""
    code, draft, versions = _found(request, kind)
    layout = draft or (versions[0] if versions else None)
    facts = samples.facts(request.hall, wordings.item_name(code) or "", timezone.localdate())
    own = layouts.own(kind, layout.texts, layout.choices, pdf.in_words(facts)) if layout else {}
    return download.pdf(pdf.render(kind, {**facts, "own": own}), f"sample-{kind}.pdf")


def _found(request: HallRequest, kind: str) -> tuple[str, PaperDraft | None, list[PaperVersion]]:
    """Return the item's code (empty for all), the draft and the versions of what is asked for. Raises Http404."""
    code = request.GET.get("item", "")
    if kind not in pdf.TITLES or (code and wordings.item_name(code) is None):
        raise Http404
    draft = PaperDraft.objects.filter(kind=kind, item_code=code).order_by("id").first()
    return code, draft, list(wordings.versions(kind, code))


def _refused(
    request: HallRequest,
    kind: str,
    code: str,
    draft: PaperDraft | None,
    versions: list[PaperVersion],
    problem: str,
) -> HttpResponse:
    form = LayoutForm(initial=initial(draft, versions[0] if versions else None))
    return _page(request, kind, code, form, draft, versions, problem=problem, status=409)


def _page(
    request: HallRequest,
    kind: str,
    code: str,
    form: LayoutForm,
    draft: PaperDraft | None,
    versions: list[PaperVersion],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    is_own = draft is not None and draft.edited_by == request.actor.person_id
    shown: dict[str, Any] = {
        "kind": kind,
        "title": pdf.title(kind),
        "item_code": code,
        "item_name": wordings.item_name(code) if code else "",
        "query": f"?{urlencode({'item': code})}" if code else "",
        "form": form,
        "draft": draft,
        "is_own": is_own,
        "may_edit": may_edit(request),
        "versions": [(version, wordings.is_empty(version)) for version in versions],
        "variables": [f"{{{name}}}" for name in layouts.variables(kind)],
        "problem": [problem] if problem else [],
        "done": next((word for word in _DONE if word in request.GET), ""),
    }
    return render(request, "cases_hall/layout.html", shown, status=status)


def _address(kind: str, code: str, done: str = "") -> str:
    said = {**({"item": code} if code else {}), **({done: "1"} if done else {})}
    return reverse("staff-paper", args=[kind]) + (f"?{urlencode(said)}" if said else "")
