"""The pages on which a look is prepared: all parts at a glance, and one page a group of parts."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import actor_of
from tenants.shared.queries import halls
from theming import contrast, looks, nearest, parts, queries
from theming.forms import FORMS, BannerForm, GroupForm, LocksForm, PicturesForm, ReasonForm
from theming.parts import BY_KEY, COLOURS, GROUPS, PARTS
from theming.services import drafts, files
from theming.services.problems import ChangedMeanwhile, Locked
from theming.tokens import pair_words, side_words
from theming.views.desk import Desk, dresser_required

DONE = ("saved", "unchanged", "published", "dropped", "restored", "accepted", "kept", "locked")


@dataclass(frozen=True)
class Row:
    """One part on the page of all: what it is in the draft, and whose that is."""

    label: str
    shown: str
    source: str
    is_changed: bool
    colour: str = ""


@require_safe
@dresser_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show every part with its value, what the draft changes, and the button that publishes it."""
    return overview_page(request, ReasonForm())


def overview_page(
    request: HttpRequest,
    form: ReasonForm,
    *,
    problems: list[str] | None = None,
    locks_form: LocksForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page of all parts with these forms."""
    desk = Desk.of(request)
    shown: dict[str, Any] = {
        "desk": desk,
        "groups": _groups(desk),
        "form": form,
        "problems": problems or [],
        "unreadable": pair_words(desk.colours),
        "done": next((name for name in DONE if name in request.GET), ""),
    }
    if desk.hall:
        shown["reviews"] = queries.reviews_of(desk.live, desk.city)
    else:
        chosen = list(desk.row.locks) if desk.row else []
        shown["locks_form"] = locks_form or LocksForm(initial={"locks": chosen})
        shown["halls"] = _halls(desk)
    return render(request, "theming/overview.html", shown, status=status)


def _groups(desk: Desk) -> list[dict[str, Any]]:
    look, values = desk.look, desk.values
    live = desk.look_of(desk.live)
    before = {**live.values, **({"notices": desk.live.parts.get("notices", []) if desk.live else []})}
    rows: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for part in PARTS:
        is_own = part.key in desk.own and look.sources.get(part.key) != looks.LOCKED
        source = looks.HALL if is_own else look.sources.get(part.key, looks.CITY)
        rows[part.group].append(
            Row(
                str(part.label),
                parts.words(part.key, values[part.key]),
                source,
                bool(desk.draft) and values[part.key] != before[part.key],
                values[part.key] if part.key in COLOURS else "",
            )
        )
    return [{"key": key, "label": label, "rows": rows[key]} for key, label in GROUPS.items()]


def _halls(desk: Desk) -> list[dict[str, Any]]:
    """Return what each hall set for itself, and what it has to decide when this draft holds."""
    city = looks.of_city(desk.row.parts if desk.row else {})
    locks = set(desk.row.locks) if desk.row else set()
    known = {row.hall_id: row for row in queries.all_live()}
    found = []
    for hall in halls():
        row = known.get(hall.pk)
        look = looks.compose(city, locks, row.parts if row else {})
        found.append(
            {
                "hall": hall,
                "row": row,
                "own": [BY_KEY[key].label for key in parts.usable(row.parts)] if row else [],
                "reviews": len(looks.reviews(city, locks, row.parts, row.bases)) if row else 0,
                "is_unreadable": look.is_unreadable,
            }
        )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@dresser_required
def section(request: HttpRequest, group: str) -> HttpResponse:
    """Show one group of parts and write what was typed into the draft; whoever was overtaken gets 409 and both values."""
    desk = Desk.of(request)
    if request.method != "POST":
        return _section(request, desk, group, _form(desk, group))
    if "reset" in request.POST and desk.hall:
        return _save(request, desk, group, None, {}, {part.key for part in parts.of_group(group)})
    if "take" in request.POST and group == "colours":
        return _save(request, desk, group, None, _nearest_asked(request, desk), set())
    form = _form(desk, group, request)
    if not form.is_valid():
        return _section(request, desk, group, form, status=422)
    try:
        changes = {**form.changes(), **_pictures(request, desk, form)}
    except files.PictureRefused as problem:
        form.add_error("picture" if isinstance(form, BannerForm) else "logo", str(problem))
        return _section(request, desk, group, form, status=422)
    inherits = form.inherits() if desk.hall else set()
    return _save(request, desk, group, form, changes, inherits - set(changes))


def _form(desk: Desk, group: str, request: HttpRequest | None = None) -> GroupForm:
    sent = (request.POST, request.FILES) if request else ()
    return FORMS[group](*sent, values=desk.values, is_hall=desk.hall is not None)


def _nearest_asked(request: HttpRequest, desk: Desk) -> dict[str, str]:
    found = nearest.passing(desk.colours)
    asked = request.POST["take"]
    return found if asked == "all" else {key: value for key, value in found.items() if key == asked}


def _pictures(request: HttpRequest, desk: Desk, form: GroupForm) -> dict[str, Any]:
    """Keep a picture that came, and return the parts that show it. Raises PictureRefused."""
    now = timezone.now()
    if isinstance(form, PicturesForm) and (sent := form.cleaned_data["logo"]):
        return {"logo": files.keep(desk.hall, sent, shape=files.LOGO, now=now)}
    if isinstance(form, BannerForm):
        banner = form.changes()["banner"]
        if sent := form.cleaned_data["picture"]:
            banner["picture"] = files.keep(desk.hall, sent, shape=files.BANNER, now=now)
        elif desk.hall and banner["picture"] and "banner" not in desk.own:
            # the city's picture stays the city's: a hall's own banner has a picture of its own
            banner["picture"] = banner["picture"] if banner == desk.city.values["banner"] else None
        return {"banner": banner}
    return {}


def _save(
    request: HttpRequest,
    desk: Desk,
    group: str,
    form: GroupForm | None,
    changes: dict[str, Any],
    inherits: set[str],
) -> HttpResponse:
    try:
        saved = drafts.save(
            desk.hall,
            changes,
            seen=request.POST.get("seen", ""),
            inherit=inherits,
            by=actor_of(request),
            now=timezone.now(),
        )
    except ChangedMeanwhile as meanwhile:
        return _section(request, desk, group, form or _form(desk, group), problem=str(meanwhile), status=409)
    except Locked as problem:
        return _section(request, desk, group, form or _form(desk, group), problem=str(problem), status=422)
    except ValidationError as problem:
        told = "；".join(problem.messages)
        return _section(request, desk, group, form or _form(desk, group), problem=told, status=422)
    is_new = saved is not None and saved.revision != (desk.draft.revision if desk.draft else 0)
    return redirect(f"{reverse('theme-section', args=[group])}?{'saved' if is_new else 'unchanged'}=1")


def _section(
    request: HttpRequest,
    desk: Desk,
    group: str,
    form: GroupForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    look, own = desk.look, desk.own
    shown: dict[str, Any] = {
        "desk": desk,
        "group": group,
        "label": GROUPS[group],
        "form": form,
        "problems": [problem] if problem else [],
        "locked": [part.label for part in parts.of_group(group) if part.key in desk.city.locks and desk.hall],
        "has_own": any(part.key in own for part in parts.of_group(group)),
        "draft_look": look,
        "done": next((name for name in DONE if name in request.GET), ""),
        # what a page that was refused for its words saw before them stays what it saw
        "seen": request.POST.get("seen", "") if status == 422 else desk.stamp,
        "theirs": _theirs(desk, group) if status == 409 else [],
        "sample": desk.values["motif"] if group == "pictures" else "",
    }
    if group == "colours":
        shown["colours"] = _colours(desk, form)
    return render(request, "theming/section.html", shown, status=status)


def _theirs(desk: Desk, group: str) -> list[tuple[Any, str]]:
    return [(part.label, parts.words(part.key, desk.values[part.key])) for part in parts.of_group(group)]


def _colours(desk: Desk, form: GroupForm) -> list[dict[str, Any]]:
    """Return each colour with its field, its ratios and, where a pair fails, the nearest that passes."""
    colours = desk.colours
    better = nearest.passing(colours)
    pairs = list(contrast.pairs(colours))
    return [
        {
            "key": name,
            "field": form[name],
            "value": colours[name],
            "pairs": [
                _pair(pair) for pair in pairs if pair.ground == name or (pair.front == name != pair.ground)
            ],
            "better": better.get(name, ""),
            "city": desk.city.values[name] if desk.hall else "",
        }
        for name in COLOURS
    ]


def _pair(pair: contrast.Pair) -> dict[str, Any]:
    return {
        "front": pair.front,
        "ground": pair.ground,
        "words": _("{front} / {ground}").format(front=side_words(pair.front), ground=side_words(pair.ground)),
        "ratio": f"{int(pair.ratio * 100) / 100:.2f}",
        "needed": f"{pair.needed:g}",
        "passes": pair.passes,
    }


@require_POST
@dresser_required
def locks(request: HttpRequest) -> HttpResponse:
    """Write into the city's draft which parts halls may not set."""
    form = LocksForm(request.POST)
    if not form.is_valid():
        return overview_page(request, ReasonForm(), locks_form=form, status=422)
    try:
        drafts.save(
            None,
            {},
            locks=form.cleaned_data["locks"],
            seen=request.POST.get("seen", ""),
            by=actor_of(request),
            now=timezone.now(),
        )
    except ChangedMeanwhile as meanwhile:
        return overview_page(request, ReasonForm(), locks_form=form, problems=[str(meanwhile)], status=409)
    return redirect(f"{reverse('theme')}?locked=1")
