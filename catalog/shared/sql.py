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


# overrides that keep the policy against the city's present value, one row an item
_OVERLAY = f"""SELECT o.{{hall}}code, jsonb_object_agg(o.field, o.value) AS v,
    jsonb_object_agg(split_part(o.field, '.', 1), true) AS lists,
    jsonb_object_agg(o.field, 'hall') AS sources,
    left(md5(string_agg(o.field || o.value::text, '|' ORDER BY o.field)), 8) AS mark
    FROM {{overrides}} o JOIN public.catalog_shared_shareditem c ON c.code = o.code
    WHERE public.catalog_permits(o.field, o.value, {present_value("c", "o.field")})
    GROUP BY o.{{hall}}code"""


def hall_view() -> str:
    """Return the SELECT of a hall's effective items: adopted shared items with its overrides, and its local items."""
    shared = ", ".join(_effective(column) for column in columns())
    local = ", ".join(f"s.{column}" for column in columns())
    return f"""SELECT {shared}, false AS is_local, s.version::text || COALESCE('-' || o.mark, '') AS version,
        COALESCE(o.sources, '{{}}') AS sources
    FROM catalog_hall_adoption a JOIN public.catalog_shared_shareditem s ON s.code = a.code
    LEFT JOIN ({_OVERLAY.format(hall="", overrides="catalog_hall_override")}) o ON o.code = s.code
    WHERE s.status = 'active'
    UNION ALL SELECT {local}, true, s.version::text, '{{}}'::jsonb FROM catalog_hall_localitem s WHERE s.status = 'active'"""


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
        s.version::text || COALESCE('-' || o.mark, '') AS version, COALESCE(o.sources, '{{}}') AS sources
    FROM public.catalog_shared_offer f JOIN public.catalog_shared_shareditem s ON s.code = f.code
    LEFT JOIN ({_OVERLAY.format(hall="hall_role, o.", overrides="public.catalog_shared_overridefact")}) o
        ON o.code = s.code AND o.hall_role = f.hall_role
    WHERE s.status = 'active' AND NOT f.is_local
    UNION ALL SELECT f.hall_role || ':' || f.code, f.hall_role, {local}, true, f.local ->> 'version', '{{}}'::jsonb
    FROM public.catalog_shared_offer f
    CROSS JOIN LATERAL jsonb_populate_record(NULL::public.catalog_shared_shareditem, f.local) l
    WHERE f.is_local"""
