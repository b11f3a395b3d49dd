"""The database's half of the overlay: functions and views made from the policy and from the model's fields.

The hall's view and the portal's are the same text over other tables, so they cannot differ. Installed by set-up
after each migration; check_halls compares what is installed with what is made here.
"""

from collections.abc import Iterator

from catalog.shared.models import ItemFields
from catalog.shared.policy import NUMBER_PATTERNS, POLICY, ROW_LISTS, Freedom, Rule, Shape


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_JSON_TYPES = {
    Shape.TEXT: "string",
    Shape.LIST: "array",
    Shape.BOOLEAN: "boolean",
    Shape.COUNT: "number",
    Shape.AMOUNT: "number",
    Shape.LIMIT: "object",
}


def _test(rule: Rule, value: str, base: str) -> str:
    """Return the SQL that says whether a JSON value keeps a rule (see policy.permits)."""
    if rule.freedom is Freedom.LOCKED:
        return "false"
    tests = [f"jsonb_typeof({value}) = {_literal(_JSON_TYPES[rule.shape])}"]
    if rule.shape is Shape.BOOLEAN and rule.freedom is Freedom.TIGHTEN:
        tests.append(f"{value} = 'true'")
    if rule.shape in NUMBER_PATTERNS:
        pattern = _literal("^" + NUMBER_PATTERNS[rule.shape] + "$")
        tests.append(f"({value})::text ~ {pattern}")
        if rule.freedom is Freedom.TIGHTEN:
            tests += [f"({base})::text ~ {pattern}", f"({value})::numeric <= ({base})::numeric"]
    if rule.shape is Shape.LIMIT:
        tests.append(f"public.catalog_natural_days({value}) <= public.catalog_natural_days({base})")
    # CASE keeps the order of the tests: a cast is reached only by a value of its kind
    return " ".join(f"CASE WHEN {test} THEN" for test in tests) + " true" + " ELSE false END" * len(tests)


def _permits_fields() -> Iterator[str]:
    for name, rule in POLICY.items():
        if rule.freedom is not Freedom.LOCKED and rule.rows is None:
            yield f"WHEN {_literal(name)} THEN {_test(rule, 'value', 'base')}"


def _permits_rows() -> Iterator[str]:
    for name, rule in POLICY.items():
        if rule.freedom is Freedom.LOCKED or rule.rows is None:
            continue
        keys = " ".join(
            f"WHEN {_literal(key)} THEN {_test(given, 'e.value', 'base -> e.key')}"
            for key, given in rule.rows.items()
        )
        yield (
            f"IF field ~ {_literal('^' + name + '[.][A-Za-z0-9_-]+$')} THEN RETURN COALESCE("
            "CASE WHEN jsonb_typeof(value) = 'object' AND value <> '{}' AND jsonb_typeof(base) = 'object' THEN"
            f" (SELECT bool_and(COALESCE(CASE e.key {keys} ELSE false END, false)) FROM jsonb_each(value) e) END, false); END IF;"
        )


# what may be overridden, and by which type the database takes it as an argument
_TYPES = {
    Shape.TEXT: "text",
    Shape.LIST: "jsonb",
    Shape.BOOLEAN: "boolean",
    Shape.COUNT: "integer",
    Shape.LIMIT: "integer",
}
_ARGUMENTS = {name: _TYPES[rule.shape] for name, rule in POLICY.items() if rule.freedom is not Freedom.LOCKED}
_ARGUMENTS["promised_unit"] = "text"


def present_value(item: str, field: str) -> str:
    """Return the SQL of a shared item's value of a field that may be overridden, in the shape that an override of it has.

    `item` and `field` are the names of a row of shared items and of a text. The columns are given one by one: given as
    a row, every long list of the item, which stands apart from its row, would be fetched.
    """
    return f"public.catalog_value({field}, {', '.join(f'{item}.{name}' for name in _ARGUMENTS)})"


def _value_function() -> str:
    whole, lists = [], []
    for name, rule in POLICY.items():
        if rule.rows is not None:
            lists.append(f"WHEN '{name}' THEN {name}")
        elif rule.shape is Shape.LIMIT:
            whole.append(f"WHEN '{name}' THEN jsonb_build_object('days', {name}, 'unit', promised_unit)")
        elif rule.freedom is not Freedom.LOCKED:
            whole.append(f"WHEN '{name}' THEN to_jsonb({name})")
    arguments = ", ".join(f"{name} {kind}" for name, kind in _ARGUMENTS.items())
    return f"""CREATE OR REPLACE FUNCTION public.catalog_value(field text, {arguments})
        RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ BEGIN
        IF position('.' in field) = 0 THEN RETURN CASE field {" ".join(whole)} END; END IF;
        RETURN (SELECT r FROM jsonb_array_elements(CASE split_part(field, '.', 1) {" ".join(lists)} END) r
            WHERE r ->> 'key' = substr(field, position('.' in field) + 1) LIMIT 1); END $$"""


def functions() -> list[str]:
    """Return the statements that make the overlay's functions, each to be run by itself."""
    return [
        # a limit of another shape gives null, and a comparison with null permits nothing
        """CREATE OR REPLACE FUNCTION public.catalog_natural_days(x jsonb) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN jsonb_typeof(x -> 'days') = 'number' AND (x ->> 'days') ~ '^[0-9]{1,4}$'
            AND x = jsonb_build_object('days', x -> 'days', 'unit', x -> 'unit') THEN
            CASE x ->> 'unit' WHEN 'working' THEN ((x ->> 'days')::int * 7 + 4) / 5 WHEN 'natural' THEN (x ->> 'days')::int END END $$""",
        # plpgsql keeps its plans with the session; a function in SQL this long is read again by every query that calls it
        """CREATE OR REPLACE FUNCTION public.catalog_permits(field text, value jsonb, base jsonb)
        RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ BEGIN
        IF position('.' in field) = 0 THEN RETURN COALESCE(CASE field """
        + "\n".join(_permits_fields())
        + " ELSE false END, false); END IF;\n"
        + "\n".join(_permits_rows())
        + " RETURN false; END $$",
        _value_function(),
        # a list with the hall's rows laid over the city's: hidden ones gone, moved ones at their place, the rest in order
        """CREATE OR REPLACE FUNCTION public.catalog_rows(list jsonb, name text, o jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT COALESCE(jsonb_agg(r || COALESCE(v, '{}') - 'hidden' - 'position'
            ORDER BY COALESCE((v ->> 'position')::numeric, n), n), '[]')
        FROM (SELECT r, n, o -> (name || '.' || (r ->> 'key')) AS v FROM jsonb_array_elements(list) WITH ORDINALITY AS e(r, n)) x
        WHERE (v ->> 'hidden')::boolean IS NOT TRUE $$""",
        # days of steps scaled to a shorter promise: each gets its share, and together they make the promise
        """CREATE OR REPLACE FUNCTION public.catalog_steps(list jsonb, promised integer) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT COALESCE(jsonb_agg(CASE WHEN total > promised AND r ? 'days'
                THEN r || jsonb_build_object('days', done * promised / total - (done - d) * promised / total) ELSE r END ORDER BY n), '[]')
        FROM (SELECT r, n, d, sum(d) OVER (ORDER BY n)::int AS done, sum(d) OVER ()::int AS total
            FROM (SELECT r, n, CASE WHEN (r ->> 'days') ~ '^[0-9]{1,4}$' THEN (r ->> 'days')::int ELSE 0 END AS d
                FROM jsonb_array_elements(list) WITH ORDINALITY AS e(r, n)) x) y $$""",
    ]


def columns() -> list[str]:
    """Return the item's columns, in the model's order."""
    return [str(field.column) for field in ItemFields._meta.get_fields() if hasattr(field, "column")]


def _effective(column: str) -> str:
    rule = POLICY[column]
    if column == "promised_unit":
        return "CASE WHEN o.v ? 'promised_days' THEN o.v -> 'promised_days' ->> 'unit' ELSE s.promised_unit END AS promised_unit"
    if column == "promised_days":
        return "CASE WHEN o.v ? 'promised_days' THEN (o.v -> 'promised_days' ->> 'days')::smallint ELSE s.promised_days END AS promised_days"
    if column in ROW_LISTS:
        rows = f"CASE WHEN o.lists ? '{column}' THEN public.catalog_rows(s.{column}, '{column}', o.v) ELSE s.{column} END"
        if column == "steps":
            rows = f"CASE WHEN o.v ? 'promised_days' THEN public.catalog_steps({rows}, (o.v -> 'promised_days' ->> 'days')::int) ELSE {rows} END"
        return f"{rows} AS {column}"
    if rule.freedom is Freedom.LOCKED:
        return f"s.{column}"
    cast = {Shape.TEXT: f"o.v ->> '{column}'", Shape.LIST: f"o.v -> '{column}'"}.get(
        rule.shape, f"(o.v ->> '{column}')::{'boolean' if rule.shape is Shape.BOOLEAN else 'smallint'}"
    )
    return f"CASE WHEN o.v ? '{column}' THEN {cast} ELSE s.{column} END AS {column}"


def _in_force() -> str:
    """Return the SQL that says whether the override `o` keeps the policy against the shared item `s`.

    It says what catalog_permits says of the city's present value, without calling it where the row's own CHECK has
    settled the matter (any base will do) or where one comparison settles it: a function call for each override of a hall
    is most of what an overlay costs.
    """
    settled = [
        name
        for name, rule in POLICY.items()
        if rule.rows is None
        and (
            rule.freedom is Freedom.FREE or (rule.freedom is Freedom.TIGHTEN and rule.shape is Shape.BOOLEAN)
        )
    ]
    counts = [
        name for name, rule in POLICY.items() if rule.freedom is Freedom.TIGHTEN and rule.shape is Shape.COUNT
    ]
    compared = " ".join(f"WHEN o.field = '{name}' THEN (o.value)::int <= s.{name}" for name in counts)
    return f"""CASE WHEN o.field IN ({", ".join(_literal(name) for name in settled)}) THEN true {compared}
        WHEN o.field = 'promised_days' THEN
            CASE o.value ->> 'unit' WHEN 'working' THEN ((o.value ->> 'days')::int * 7 + 4) / 5 ELSE (o.value ->> 'days')::int END
            <= CASE s.promised_unit WHEN 'working' THEN (s.promised_days * 7 + 4) / 5 ELSE s.promised_days END
        ELSE public.catalog_permits(o.field, o.value, {present_value("s", "o.field")}) END"""


# an item's overrides that keep the policy against the city's present value, in one row: asked for item by item, so that
# one item, or a page of them, costs its own overrides and not all of the hall's
_OVERLAY = f"""LEFT JOIN LATERAL (SELECT jsonb_object_agg(o.field, o.value) AS v,
    jsonb_object_agg(split_part(o.field, '.', 1), true) AS lists,
    jsonb_object_agg(o.field, 'hall') AS sources, max(o.made_at) AS made_at,
    left(md5(string_agg(o.field || o.value::text, '|' ORDER BY o.field)), 8) AS mark
    FROM {{overrides}} o WHERE o.code = s.code {{more}} AND {_in_force()}) o ON true"""


def hall_view() -> str:
    """Return the SELECT of a hall's effective items: adopted shared items with its overrides, and its local items."""
    shared = ", ".join(_effective(column) for column in columns())
    local = ", ".join(f"s.{column}" for column in columns())
    return f"""SELECT {shared}, false AS is_local, s.version::text || COALESCE('-' || o.mark, '') AS version,
        COALESCE(o.sources, '{{}}') AS sources, s.sort_key, GREATEST(s.updated_at, o.made_at) AS updated_at
    FROM catalog_hall_adoption a JOIN public.catalog_shared_shareditem s ON s.code = a.code
    {_OVERLAY.format(overrides="catalog_hall_override", more="")}
    WHERE s.status = 'active'
    UNION ALL SELECT {local}, true, s.version::text, '{{}}'::jsonb, s.sort_key, s.updated_at
    FROM catalog_hall_localitem s WHERE s.status = 'active'"""


def hall_item() -> str:
    """Return the function that reads one effective item: its plan is kept with the session, which planning the view is not.

    In each hall's schema, so that a kept plan is never another hall's.
    """
    return """CREATE FUNCTION catalog_hall_item(wanted text, with_hidden boolean) RETURNS SETOF catalog_hall_effectiveitem
        LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1 AS $$ BEGIN
        RETURN QUERY SELECT * FROM catalog_hall_effectiveitem i WHERE i.code = wanted AND (with_hidden OR NOT i.hidden); END $$"""


def portal_view() -> str:
    """Return the SELECT of all halls' effective items from the public facts: the same text over other tables."""
    shared = ", ".join(_effective(column) for column in columns())
    local = ", ".join(f"l.{column}" for column in columns())
    return f"""SELECT f.hall_role || ':' || f.code AS id, f.hall_role, {shared}, false AS is_local,
        s.version::text || COALESCE('-' || o.mark, '') AS version, COALESCE(o.sources, '{{}}') AS sources, s.sort_key
    FROM public.catalog_shared_offer f JOIN public.catalog_shared_shareditem s ON s.code = f.code
    {_OVERLAY.format(overrides="public.catalog_shared_overridefact", more="AND o.hall_role = f.hall_role")}
    WHERE s.status = 'active' AND NOT f.is_local
    UNION ALL SELECT f.hall_role || ':' || f.code, f.hall_role, {local}, true, f.local ->> 'version', '{{}}'::jsonb, l.sort_key
    FROM public.catalog_shared_offer f
    CROSS JOIN LATERAL jsonb_populate_record(NULL::public.catalog_shared_shareditem, f.local) l
    WHERE f.is_local"""


def _edition_value(fields: str, field: str) -> str:
    """Return the SQL of a published edition's value of a field, in the shape that an override of it has."""
    return f"""CASE WHEN {field} = 'promised_days'
            THEN jsonb_build_object('days', {fields} -> 'promised_days', 'unit', {fields} -> 'promised_unit')
        WHEN position('.' in {field}) = 0 THEN {fields} -> {field}
        ELSE (SELECT r FROM jsonb_array_elements({fields} -> split_part({field}, '.', 1)) r
            WHERE r ->> 'key' = substr({field}, position('.' in {field}) + 1) LIMIT 1) END"""


def _review(overrides: str, more: str) -> str:
    # what no version explains (a base that nobody published) has waited since it was written
    return f"""SELECT {more}, o.code, o.field, o.base, n.current, o.value, o.made_at,
        public.catalog_permits(o.field, o.value, n.current) AS is_in_force,
        COALESCE((SELECT min(v.published_at) FROM public.catalog_shared_sharedversion v WHERE v.code = o.code
            AND v.published_at > o.made_at AND (v.changed ? split_part(o.field, '.', 1) OR v.changed ? 'promised_unit')
            AND {_edition_value("v.fields", "o.field")} IS DISTINCT FROM o.base), o.made_at) AS since
    FROM {overrides} o JOIN public.catalog_shared_shareditem s ON s.code = o.code
    CROSS JOIN LATERAL (SELECT {present_value("s", "o.field")} AS current OFFSET 0) n
    WHERE s.status = 'active' AND COALESCE(o.base, 'null') <> COALESCE(n.current, 'null')"""


def hall_review() -> str:
    """Return the SELECT of a hall's reviews: its overrides whose base is not the city's present value."""
    return _review("catalog_hall_override", "o.id, o.reason, o.person_name")


def city_review() -> str:
    """Return the SELECT of all halls' reviews, from the public facts."""
    return _review(
        "public.catalog_shared_overridefact",
        "o.hall_role || ':' || o.code || ':' || o.field AS id, o.hall_role",
    )


# what an offer repeats of the effective item, column by column
OFFERED = (
    "code", "name", "sort_key", "summary", "type", "department", "audience", "themes", "life_events", "aliases", "kind",
    "statutory_days", "statutory_unit", "promised_days", "promised_unit", "visits", "fees", "online_depth", "can_apply", "can_book", "hidden",
    "is_local", "version",
)  # fmt: skip
_PROJECTED = ", ".join(f"i.{name}" for name in OFFERED)
_COUNTED = "(SELECT count(*) FROM jsonb_object_keys(i.sources))"


def project_hall() -> str:
    """Return the statement that writes a hall's offers of some codes (a parameter, after the hall's role) as its items say."""
    names = [*OFFERED, "changes", "local"]
    return f"""INSERT INTO public.catalog_shared_offer (hall_role, {", ".join(names)}, is_active, used)
        SELECT %s, {_PROJECTED}, {_COUNTED}, CASE WHEN i.is_local THEN to_jsonb(i) - 'sources' ELSE '{{}}' END, true, 0
        FROM catalog_hall_effectiveitem i WHERE i.code = ANY(%s)
        ON CONFLICT (hall_role, code) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in names[1:])}, is_active = true"""


def project_city() -> str:
    """Return the statement by which the city writes all halls' offers of some shared codes as their items now say."""
    names = OFFERED[1:]
    return f"""UPDATE public.catalog_shared_offer f SET {", ".join(f"{name} = i.{name}" for name in names)},
        changes = {_COUNTED}, is_active = true
        FROM public.catalog_shared_portalitem i WHERE f.code = ANY(%s) AND i.code = ANY(%s)
        AND i.id = f.hall_role || ':' || f.code AND NOT f.is_local"""
