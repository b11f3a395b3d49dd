"""Putting a look in force: each is a new numbered row, so that who, when and why stay, and any can be brought back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import NOBODY, Actor
from audit.services import record
from tenants.shared import queries as kept
from tenants.shared.models import Hall
from theming import looks, parts, queries
from theming.models import HallTheme, ThemeDraft, ThemeFile
from theming.parts import COLOURS
from theming.services.problems import CannotRead, ChangedMeanwhile, NothingChanged, ThemeRefused
from theming.tokens import Tokens, pair_words

MOST_REASON = 200


def publish(
    hall: Hall | None,
    tokens: Tokens,
    *,
    now: datetime,
    motif: str = "",
    more: Mapping[str, Any] | None = None,
    by: Actor = NOBODY,
    reason: str = "",
    using: str | None = None,
) -> HallTheme:
    """Put these colours, this drawing and `more` parts in force for the hall (None: the city and its portal).

    What equals the city's is inherited; the same look again changes nothing. `using` is the alias of a login that may
    write (a command's owner). Raises ValidationError when a value is none, a pair of colours too hard to read.
    """
    tokens.check()
    wanted = {**{name: getattr(tokens, name) for name in COLOURS}, "motif": motif, **(more or {})}
    given = {key: parts.checked(key, value) for key, value in wanted.items()}
    current = queries.live(hall, using)
    city = queries.city_now(using)
    if hall is not None:
        given = {key: value for key, value in given.items() if _differs(key, value, city.values)}
        given = {key: value for key, value in given.items() if key not in city.locks}
    if current is not None and current.parts == given:
        return current
    bases = {key: city.values[key] for key in given} if hall else {}
    locks = current.locks if current else []
    try:
        return put(hall, given, bases=bases, locks=locks, by=by, reason=reason, now=now, using=using)
    except CannotRead as problem:
        raise ValidationError(problem.lines) from None


def publish_draft(hall: Hall | None, *, seen: str, by: Actor, reason: str, now: datetime) -> HallTheme:
    """Put the draft in force; it is no draft any more. Raises ThemeRefused: overtaken, nothing changed, unreadable, no reason."""
    found = ThemeDraft.objects.select_for_update().filter(hall=hall).first()
    current = queries.live(hall)
    if found is None:
        raise NothingChanged(_("没有草稿。先改一项，再发布"))
    if seen != stamp(current, found):
        raise ChangedMeanwhile(found.person_name)
    if current is not None and _same(current, found):
        raise NothingChanged(_("草稿和现在的外观一样，不用发布"))
    if hall is not None and (locked := queries.city_now().locks & found.parts.keys()):
        names = "、".join(str(parts.BY_KEY[key].label) for key in sorted(locked))
        raise ThemeRefused(_("市里锁定了：{names}。请先恢复市里的，再发布").format(names=names))
    row = put(
        hall,
        found.parts,
        bases=found.bases,
        locks=found.locks,
        by=by,
        reason=checked_reason(reason),
        now=now,
    )
    found.delete()
    return row


def roll_back(
    hall: Hall | None, number: int, *, seen: str, by: Actor, reason: str, now: datetime
) -> HallTheme:
    """Publish what an earlier number was, as a new one. What the city has locked since stays the city's.

    Raises HallTheme.DoesNotExist, and ThemeRefused as publishing does.
    """
    current = queries.live(hall)
    old = queries.history(hall).get(number=number)
    if current is None or seen != str(current.number):
        raise ChangedMeanwhile(current.person_name if current else "")
    locks = queries.city_now().locks if hall else frozenset()
    own = {key: value for key, value in old.parts.items() if key not in locks}
    bases = {key: value for key, value in old.bases.items() if key in own}
    if (own, old.locks) == (current.parts, current.locks):
        raise NothingChanged(_("这一版和现在的外观一样，不用恢复"))
    return put(
        hall,
        own,
        bases=bases,
        locks=old.locks,
        by=by,
        reason=checked_reason(reason),
        now=now,
        equals=number,
        action="theme.roll_back",
    )


def put(
    hall: Hall | None,
    own: Mapping[str, Any],
    *,
    bases: Mapping[str, Any],
    locks: Collection[str],
    by: Actor,
    reason: str,
    now: datetime,
    equals: int | None = None,
    action: str = "theme.publish",
    using: str | None = None,
) -> HallTheme:
    """Add the next row of a hall (None: of the city): the one door of everything that is published, and what guards it.

    Raises CannotRead for a pair of colours that is too close, ThemeRefused for a part that is none or a picture that is
    not there, ChangedMeanwhile when somebody else published at this moment.
    """
    current = queries.live(hall, using)
    values = _checked(own)
    _check_colours(hall, values, using)
    _check_pictures(hall, values, using)
    before = current.parts if current else {}
    try:
        with transaction.atomic(using=using):
            row = HallTheme.objects.using(using).create(
                hall=hall,
                hall_role=hall.role if hall else "",
                number=current.number + 1 if current else 1,
                parts=values,
                bases=dict(bases),
                locks=sorted(locks),
                reason=reason,
                person=by.person_id,
                person_name=by.display_name,
                published_at=now,
                equals=equals,
            )
    except IntegrityError:
        raise ChangedMeanwhile from None
    if by.is_authenticated:
        detail = {
            "number": row.number,
            "parts": sorted(key for key in {*before, *values} if before.get(key) != values.get(key)),
            "locks": row.locks,
            "reason": reason,
            **({"equals": equals} if equals else {}),
        }
        record(action, now=now, actor=by.person_id, actor_name=by.display_name, object="theme", detail=detail)
    kept.forget()
    return row


def stamp(current: HallTheme | None, draft: ThemeDraft | None) -> str:
    """Return a mark of what an editor sees: which look is in force, and which revision of the draft."""
    return f"{current.number if current else 0}.{draft.revision if draft else 0}"


def checked_reason(reason: str) -> str:
    """Return the reason on one line. Raises ThemeRefused when there is none or it is too long."""
    text = " ".join(reason.replace("\x00", "").split())
    if not text:
        raise ThemeRefused(_("请写明为什么改"))
    if len(text) > MOST_REASON:
        raise ThemeRefused(_("最多 {n} 个字").format(n=MOST_REASON))
    return text


def _same(current: HallTheme, draft: ThemeDraft) -> bool:
    return (current.parts, current.bases, current.locks) == (draft.parts, draft.bases, draft.locks)


def _differs(key: str, value: Any, city: Mapping[str, Any]) -> bool:
    return bool(value) if parts.BY_KEY[key].is_added else value != city[key]


def _checked(own: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {key: parts.checked(key, value) for key, value in own.items()}
    except KeyError as unknown:
        raise ThemeRefused(_("没有这一项：{key}").format(key=unknown.args[0])) from None
    except ValidationError as problem:
        raise ThemeRefused("；".join(problem.messages)) from None


def _check_colours(hall: Hall | None, values: Mapping[str, Any], using: str | None) -> None:
    under = queries.city_now(using).values if hall else looks.of_city({})
    colours = {name: values.get(name, under[name]) for name in COLOURS}
    lines = pair_words(colours)
    if lines:
        raise CannotRead(lines)


def _check_pictures(hall: Hall | None, values: Mapping[str, Any], using: str | None) -> None:
    wanted = pictures(values)
    known = (
        ThemeFile.objects.using(using).filter(hall=hall, digest__in=wanted).values_list("digest", flat=True)
    )
    if wanted - set(known):
        raise ThemeRefused(_("有一张图片找不到了，请重新传"))


def pictures(values: Mapping[str, Any]) -> set[str]:
    """Return the digests of the pictures that these parts show."""
    banner = values.get("banner")
    shown = [values.get("logo"), banner.get("picture") if isinstance(banner, Mapping) else None]
    return {str(picture["file"]) for picture in shown if isinstance(picture, Mapping)}
