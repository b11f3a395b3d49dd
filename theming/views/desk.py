"""Whose look a page is about, and who may come in: on a hall's host its admin, on the portal the city's."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from accounts.access import city_required, post_required
from accounts.capabilities import Can
from tenants.hall.enums import PostRole
from tenants.shared.models import Hall
from theming import looks, parts, queries
from theming.looks import Look
from theming.models import HallTheme, ThemeDraft
from theming.parts import COLOURS
from theming.queries import CityLook
from theming.services.publishing import stamp

View = Callable[..., HttpResponseBase]


def dresser_required(view: View) -> View:
    """Let in who may change the look of this host."""
    of_hall, of_city = post_required(PostRole.HALL_ADMIN)(view), city_required(Can.RUN)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_hall = getattr(request, "hall", None) is not None
        return (of_hall if is_hall else of_city)(request, *args, **kwargs)

    # wraps() names the bare view: what the console is told of its pages comes from the city's door
    guarded.__wrapped__ = of_city
    return guarded


@dataclass(frozen=True)
class Desk:
    """A hall's look (no hall: the city's) as its editor finds it: in force, prepared, and the city's beneath."""

    hall: Hall | None
    city: CityLook
    live: HallTheme | None
    draft: ThemeDraft | None

    @classmethod
    def of(cls, request: HttpRequest) -> "Desk":
        """Read it for the host of a request."""
        hall: Hall | None = getattr(request, "hall", None)
        return cls(hall, queries.city_now(), queries.live(hall), queries.draft(hall))

    @property
    def stamp(self) -> str:
        """The mark that a form carries back."""
        return stamp(self.live, self.draft)

    @property
    def row(self) -> HallTheme | ThemeDraft | None:
        """What an editor goes on from."""
        return self.draft or self.live

    @property
    def own(self) -> dict[str, Any]:
        """The parts that were set, as an editor goes on from them."""
        return parts.usable(self.row.parts) if self.row else {}

    @property
    def look(self) -> Look:
        """The look that the draft makes, or the one in force."""
        return self.look_of(self.row)

    def look_of(self, row: HallTheme | ThemeDraft | None) -> Look:
        """Return the look that a row of this desk makes."""
        if self.hall is None:
            return looks.compose(looks.of_city(row.parts if row else {}), (), {})
        return looks.compose(self.city.values, self.city.locks, row.parts if row else {})

    @property
    def colours(self) -> dict[str, str]:
        """The five colours as they were typed, also where they cannot be read together."""
        under = self.city.values if self.hall else looks.of_city({})
        return {name: self.own.get(name, under[name]) for name in COLOURS}

    @property
    def values(self) -> dict[str, Any]:
        """The value of every part as an editor goes on from it; notices are those set here."""
        shown = {**self.look.values, **self.colours}
        if self.hall is None:
            shown["notices"] = self.own.get("notices", [])
        return shown
