"""What a hall would lose by being restored: numbers that people were given since, and papers that it would not know any more.

Nothing of it comes back by itself. The numbers are never given again, and the papers stay verifiable.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.module_loading import import_string
from psycopg2 import sql

from tenants.shared.archive import tables

_ARCHIVED = "archived_numbers"
# numbers that a report names; it says how many there are in any case
SHOWN = 1000


class Losses(NamedTuple):
    """Numbers that the archive does not know, each with the table that does; numbers of papers in the same way."""

    numbers: list[tuple[str, str]]
    papers: list[str]

    def told(self) -> dict[str, Any]:
        """Return them as a report keeps them."""
        return {
            "numbers": [list(one) for one in self.numbers[:SHOWN]],
            "numbers_count": len(self.numbers),
            "papers": self.papers[:SHOWN],
            "papers_count": len(self.papers),
        }


def watch(cursor: Any) -> None:
    """Make an empty place, of this transaction alone, for what the archive knows."""
    cursor.execute(
        sql.SQL("CREATE TEMP TABLE {} (kind text, number text) ON COMMIT DROP").format(
            sql.Identifier(_ARCHIVED)
        )
    )


def copy_known(cursor: Any, lines: Any) -> None:
    """Take what an archive knows from lines of `kind`, tab, number."""
    cursor.copy_expert(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier("pg_temp", _ARCHIVED)), lines)


def know_schema(cursor: Any, schema: str, facts: str) -> None:
    """Take what a schema and a schema of public facts that were filled from an archive know."""
    places = [("number", schema, table, column) for table, column in settings.ARCHIVE_NUMBERS.items()]
    places.append(("paper", facts, *settings.ARCHIVE_PAPERS))
    for kind, place, table, column in places:
        cursor.execute(
            sql.SQL("INSERT INTO {} SELECT {}, {}::text FROM {}.{}").format(
                sql.Identifier("pg_temp", _ARCHIVED),
                sql.Literal(kind),
                *map(sql.Identifier, (column, place, table)),
            )
        )


def spool_line(table: str, columns: list[str], line: bytes) -> bytes:
    """Return the line for copy_known of one row's text, nothing where the row has no number."""
    papers, paper_column = settings.ARCHIVE_PAPERS
    kind, column = ("paper", paper_column) if table == papers else ("number", settings.ARCHIVE_NUMBERS[table])
    found = line.rstrip(b"\n").split(b"\t")[columns.index(column)]
    return b"" if found in (b"", b"\\N") else b"%s\t%s\n" % (kind.encode(), found)


def of(cursor: Any, schema: str, role: str) -> Losses:
    """Compare what is there now, in the schema (if there is one) and in public, with what the archive knows."""
    there = [
        (table, sql.SQL("SELECT {} FROM {}.{}").format(*map(sql.Identifier, (column, schema, table))))
        for table, column in settings.ARCHIVE_NUMBERS.items()
        if _has(cursor, schema, table)
    ]
    there += [
        (
            table,
            sql.SQL("SELECT {} FROM public.{} WHERE hall_role = {}").format(
                *map(sql.Identifier, (column, table)), sql.Literal(role)
            ),
        )
        for table, column in settings.ARCHIVE_PUBLIC_NUMBERS.items()
    ]
    found: dict[str, str] = {}
    for table, query in there:
        for number in _unknown(cursor, "number", query):
            found.setdefault(number, table)
    table, column = settings.ARCHIVE_PAPERS
    papers = sql.SQL("SELECT {} FROM public.{} WHERE hall_role = {}").format(
        *map(sql.Identifier, (column, table)), sql.Literal(role)
    )
    numbers = sorted((table, number) for number, table in found.items())
    return Losses(numbers, sorted(_unknown(cursor, "paper", papers)))


def _unknown(cursor: Any, kind: str, query: sql.Composable) -> Iterable[str]:
    cursor.execute(
        sql.SQL(
            "SELECT number FROM ({}) there(number) WHERE number <> '' EXCEPT SELECT number FROM {} WHERE kind = {}"
        ).format(query, sql.Identifier("pg_temp", _ARCHIVED), sql.Literal(kind))
    )
    return [number for (number,) in cursor.fetchall()]


def _has(cursor: Any, schema: str, table: str) -> bool:
    cursor.execute(
        "SELECT to_regclass(quote_ident(%s) || '.' || quote_ident(%s)) IS NOT NULL", [schema, table]
    )
    return bool(cursor.fetchone()[0])


def burn(cursor: Any, schema: str, old: str, lost: Losses) -> None:
    """Let no number be given twice: serials and sequences go on after the last of either schema, and of what public knows."""
    table, key, last = settings.ARCHIVE_COUNTERS
    serial_of = import_string(settings.ARCHIVE_SERIAL_OF)
    given: dict[str, int] = {}
    for number in (*(number for _table, number in lost.numbers), *lost.papers):
        if (serial := serial_of(number)) is not None:
            given[serial[0]] = max(given.get(serial[0], 0), serial[1])
    if _has(cursor, old, table):
        cursor.execute(
            sql.SQL("SELECT {}, {} FROM {}.{}").format(*map(sql.Identifier, (key, last, old, table)))
        )
        for name, value in cursor.fetchall():
            given[name] = max(given.get(name, 0), value)
    raise_to = sql.SQL(
        "INSERT INTO {0}.{1} AS kept ({2}, {3}) SELECT * FROM unnest(%s::text[], %s::int[]) ON CONFLICT ({2})"
        " DO UPDATE SET {3} = greatest(kept.{3}, EXCLUDED.{3})"
    ).format(*map(sql.Identifier, (schema, table, key, last)))
    cursor.execute(raise_to, [list(given), list(given.values())])
    before = tables.sequences(cursor, old)
    for column, (name, value, is_called) in tables.sequences(cursor, schema).items():
        _old_name, old_value, old_called = before.get(column, ("", 0, False))
        if (old_value, old_called) > (value, is_called):
            set_sequence(cursor, schema, name, old_value, old_called)


def set_sequence(cursor: Any, schema: str, name: str, value: int, is_called: bool) -> None:
    """Let a sequence go on from there."""
    cursor.execute(
        sql.SQL("SELECT setval(quote_ident(%s) || '.' || quote_ident(%s), %s, %s)"),
        [schema, name, value, is_called],
    )
