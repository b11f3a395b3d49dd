"""The guide page and the item list against a bare Django view, both under gunicorn, in one run."""

import re
from dataclasses import dataclass

from bench.load import Rates, Target, get, in_turns
from bench.place import Place, WebServer, web_server

TABLE = "bench_item"
GUIDES = 20
LIST_PAGES = 5
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')


class NotTheSame(Exception):
    """The two sides of a comparison do not send the same page."""


@dataclass(frozen=True)
class Chosen:
    """The hall whose pages are compared (the one with the most items), and the addresses asked for."""

    schema: str
    role: str
    host: str
    portal: str
    guides: tuple[str, ...]
    lists: tuple[str, ...]


def choose(place: Place) -> Chosen:
    """Return the hall with the most items; half of the guides have overrides of it, the rest are the city's own."""
    ((schema, role, host),) = place.execute(
        "SELECT h.schema_name, h.role, d.domain FROM tenants_shared_hall h JOIN tenants_shared_domain d ON d.tenant_id = h.id AND d.is_primary"
        " JOIN catalog_shared_offer o ON o.hall_role = h.role GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    ((portal,),) = place.execute("SELECT portal_domain FROM tenants_shared_city")
    items = place.execute(
        f"SET search_path = {schema}, public",
        "SELECT code, sources <> '{}' FROM catalog_hall_effectiveitem WHERE NOT hidden ORDER BY code",
    )
    changed = [code for code, is_changed in items if is_changed][: GUIDES // 2]
    codes = changed + [code for code, is_changed in items if not is_changed][: GUIDES - len(changed)]
    guides = tuple(f"/items/{code}/" for code in codes)
    lists = ("/items/", *(f"/items/?page={number}" for number in range(2, LIST_PAGES + 1)))
    return Chosen(schema, role, host, portal, guides, lists)


def compare(
    place: Place, chosen: Chosen, product: WebServer, *, rounds: int, seconds: float
) -> dict[str, Rates]:
    """Return what the product's pages and the bare ones gave, by name. Raises NotTheSame."""
    place.execute(*_copying(chosen.schema))
    contexts = place.var / "contexts.pickle"
    place.step(
        "contexts",
        "-m",
        "bench.contexts",
        str(contexts),
        chosen.host,
        str(product.port),
        *chosen.guides,
        *chosen.lists,
    )
    environment = place.environment(
        *place.logins, DJANGO_SETTINGS_MODULE="bench.bare.settings", BENCH_CONTEXTS=str(contexts)
    )
    with web_server("bare", place, environment) as bare:
        targets = []
        for name, paths in (("guide", chosen.guides), ("list", chosen.lists)):
            page = Target(name, product, chosen.host, paths)
            bare_page = Target(f"{name} bare+page", bare, chosen.host, paths)
            bare_json = Target(
                f"{name} bare+json", bare, chosen.host, tuple(f"/json{path}" for path in paths)
            )
            for path in paths:
                if _comparable(get(page, path)) != _comparable(get(bare_page, path)):
                    raise NotTheSame(f"{chosen.host}{path}: the bare view's page is another")
            targets += [page, bare_page, bare_json]
        return in_turns(place, targets, rounds=rounds, seconds=seconds)


def _comparable(body: bytes) -> bytes:
    return CSRF.sub(b"", body)


def _copying(schema: str) -> list[str]:
    """Return the statements that copy a hall's effective items, indexed for the two queries."""
    return [
        f"DROP TABLE IF EXISTS public.{TABLE}",
        f"SET search_path = {schema}, public",
        f"CREATE TABLE public.{TABLE} AS SELECT * FROM {schema}.catalog_hall_effectiveitem",
        f"ALTER TABLE public.{TABLE} ADD PRIMARY KEY (code)",
        f"CREATE INDEX ON public.{TABLE} (sort_key, code) WHERE NOT hidden",
        f"ANALYZE public.{TABLE}",
        "RESET search_path",
    ]
