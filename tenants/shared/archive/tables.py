"""What an archive must know of a schema's tables, read from PostgreSQL's catalogs with a cursor of the caller's transaction."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from psycopg2 import sql

PUBLIC = "public"
# columns of public tables that say whose a row is: an archive has none of them, each hall writes its own
OWNERS = ("hall_role", "hall_id")
_COLUMNS = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
        coalesce((SELECT array_agg(k.attname::text ORDER BY x.place) FROM pg_index i, unnest(i.indkey) WITH ORDINALITY x(attnum, place)
            JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = x.attnum WHERE i.indrelid = c.oid AND i.indisprimary), '{}'),
        array_agg(a.attname::text), array_agg(format_type(a.atttypid, NULL)),
        coalesce(array_agg(a.attname::text) FILTER (WHERE a.attidentity <> ''), '{}')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s) AND c.relkind IN ('r', 'p')
    GROUP BY c.oid, c.relname ORDER BY c.relname
"""
_SEQUENCES = """
    SELECT s.relname, r.relname, a.attname FROM pg_class s
    JOIN pg_depend d ON d.objid = s.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
    JOIN pg_class r ON r.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S' AND s.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = %s) ORDER BY 1
"""
# what makes the text of a row the same wherever and whenever it is written
SAME_TEXT = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';"
    " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL client_encoding = 'UTF8'"
)


@dataclass(frozen=True)
class Table:
    """A table: its columns that are stored and not generated, the columns of its key, and every column's type."""

    schema: str
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    types: dict[str, str]
    # columns that the database numbers by itself
    numbered: tuple[str, ...] = ()

    @property
    def is_empty_in_archives(self) -> bool:
        """Whether its rows are a program's own for a moment, and stay behind."""
        return self.name in settings.ARCHIVE_EMPTY

    def copy_out(self, *, where: sql.Composable | None = None) -> sql.Composed:
        """Return what copies its rows out as text, in the order of its key."""
        names = sql.SQL(", ").join(sql.Identifier(name) for name in self.columns)
        order = sql.SQL(", ").join(map(sql.Identifier, self.key or self.columns))
        return sql.SQL("COPY (SELECT {} FROM {}.{} {} ORDER BY {}) TO STDOUT").format(
            names, sql.Identifier(self.schema), sql.Identifier(self.name), where or sql.SQL(""), order
        )


def copy_in(schema: str, name: str, columns: list[str]) -> sql.Composed:
    """Return what copies rows of these columns into a table."""
    return sql.SQL("COPY {}.{} ({}) FROM STDIN").format(
        sql.Identifier(schema), sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def tables(cursor: Any, schema: str) -> list[Table]:
    """Return the tables of a schema, by name."""
    cursor.execute(_COLUMNS, [schema])
    return [
        Table(
            schema,
            name,
            tuple(columns or ()),
            tuple(key),
            dict(zip(names, types, strict=True)),
            tuple(numbered),
        )
        for name, columns, key, names, types, numbered in cursor.fetchall()
    ]


def sequences(cursor: Any, schema: str) -> dict[str, tuple[str, int, bool]]:
    """Return for each `table.column` with a sequence: the sequence, its last value, whether that was given already."""
    cursor.execute(_SEQUENCES, [schema])
    found = {}
    for name, table, column in cursor.fetchall():
        cursor.execute(
            sql.SQL("SELECT last_value, is_called FROM {}.{}").format(
                sql.Identifier(schema), sql.Identifier(name)
            )
        )
        last, is_called = cursor.fetchone()
        found[f"{table}.{column}"] = (name, last, is_called)
    return found


def file_names(schema: str, role: str) -> sql.Composed:
    """Return the query of every file's name that the rows of a hall hold, in its schema or in public, each once, in order."""
    parts = [
        sql.SQL("SELECT {0} AS name FROM {1}.{2} WHERE {0} <> ''").format(
            sql.Identifier(column), sql.Identifier(schema), sql.Identifier(table)
        )
        for table, column in settings.ARCHIVE_FILES
    ]
    parts += [
        sql.SQL("SELECT {} || {} FROM public.{} WHERE hall_role = {}").format(
            sql.Literal(f"{role}/{folder}/"), sql.Identifier(column), sql.Identifier(table), sql.Literal(role)
        )
        for table, column, folder in settings.ARCHIVE_FACT_FILES
    ]
    return sql.SQL(" UNION ").join(parts) + sql.SQL(" ORDER BY name")


def lacking(cursor: Any, told: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return of the shared codes that an archive refers to those that are not here, by table."""
    found = {}
    for table, column in dict.fromkeys(settings.ARCHIVE_REFERENCES.values()):
        cursor.execute(
            sql.SQL(
                "SELECT code FROM unnest(%s::text[]) AS code WHERE NOT EXISTS (SELECT 1 FROM public.{} t WHERE t.{} = code)"
            ).format(sql.Identifier(table), sql.Identifier(column)),
            [told.get(table, [])],
        )
        if missing := sorted(code for (code,) in cursor.fetchall()):
            found[table] = missing
    return found


def referred(cursor: Any, schema: str) -> dict[str, list[str]]:
    """Return the codes of shared rows that a schema's rows refer to, by public table."""
    found: dict[str, set[str]] = {}
    for (table, column), (shared, code) in settings.ARCHIVE_REFERENCES.items():
        cursor.execute(
            sql.SQL("SELECT DISTINCT t.{0} FROM {1}.{2} t JOIN public.{3} s ON s.{4} = t.{0}").format(
                *map(sql.Identifier, (column, schema, table, shared, code))
            )
        )
        found.setdefault(shared, set()).update(code for (code,) in cursor.fetchall())
    return {shared: sorted(codes) for shared, codes in found.items()}
