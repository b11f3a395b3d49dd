"""A submission through the API against the same INSERTs by plain psycopg2, turn by turn."""

import http.client
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg2.extensions
import yaml
from psycopg2 import sql

from bench.load import Measured, timed_in_turns
from bench.pages import Chosen
from bench.place import Place, WebServer

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# the tables of the schema in the path and of public: where, name, columns, columns of the primary key
TABLES = """
    SELECT n.nspname, c.relname,
        array(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attgenerated = '' ORDER BY a.attnum),
        array(SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
            WHERE i.indrelid = c.oid AND i.indisprimary)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN (current_schema(), 'public') ORDER BY 1, 2
"""
# answers that any form takes, by the type of the field; a choice takes its first
ANSWERS = {
    "text": "测试",
    "number": 1,
    "date": "2026-01-05",
    "id_number": "11010519491231002X",
    "phone": "19900000000",
    "yes_no": True,
}


# nothing to pay first, no list of people to fill in, nobody who must be known by sight
PLAIN = (
    """identity_level <= 2 AND NOT fees @> '[{"online": true}]' AND NOT form @> '[{"type": "group"}]'"""
    """ AND NOT form @> '[{"type": "eligible"}]'"""
)


class NotFiled(Exception):
    """The API did not take the application; the text is its answer."""


@dataclass(frozen=True)
class Row:
    """A row that one submission wrote: its table, its values as text by column, and its primary key's columns."""

    schema: str
    table: str
    values: dict[str, str | None]
    key: tuple[str, ...]


class Client:
    """A citizen with a token who applies again and again for one item."""

    def __init__(self, place: Place, chosen: Chosen, product: WebServer) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", product.port, timeout=60)
        self.headers = {"Host": chosen.host, "Content-Type": "application/json"}
        people = yaml.safe_load((place.city_folder / "people.yaml").read_text(encoding="utf-8"))
        person = next(person for person in people if person["role"] == "citizen")
        token = self._post("token/", {"username": person["username"], "password": person["password"]}, {})[
            "token"
        ]
        self.headers["Authorization"] = f"Token {token}"
        self.body = _application(place, chosen.schema)
        self.item = self.body["item"]

    def file(self) -> str:
        """File one application and return its number. Raises NotFiled."""
        return str(self._post("cases/", self.body, {"Idempotency-Key": uuid.uuid4().hex})["number"])

    def _post(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        self.connection.request("POST", f"/api/v1/{path}", json.dumps(body), {**self.headers, **headers})
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status not in {200, 201}:
            raise NotFiled(f"{path}: {response.status} {text[:2000]}")
        return json.loads(text)


def _application(place: Place, schema: str) -> dict[str, Any]:
    """Return the body of an application for the item with the longest form among those that want no paper."""
    ((code, form, delivery),) = place.execute(
        f"SET search_path = {schema}, public",
        "SELECT code, form, delivery FROM catalog_hall_effectiveitem e WHERE can_apply AND NOT hidden AND audience <> 'business'"
        f" AND {PLAIN}"
        " AND NOT EXISTS (SELECT FROM jsonb_array_elements(materials) m WHERE COALESCE(m ->> 'necessity', 'required') = 'required'"
        " AND (m ->> 'exempt')::boolean IS NOT TRUE) ORDER BY jsonb_array_length(form) DESC, code LIMIT 1",
    )
    ((town,),) = place.execute("SELECT min(code) FROM tenants_shared_division")
    answers = {}
    for field in form:
        first = next((choice["value"] for choice in field.get("choices") or []), "")
        answers[field["name"]] = {**ANSWERS, "choice": first, "division": town}[field["type"]]
    method = "window" if "window" in delivery or not delivery else delivery[0]
    return {"item": code, "answers": answers, "files": {}, "delivery": {"method": method}}


def compare(
    place: Place, chosen: Chosen, product: WebServer, *, rounds: int
) -> tuple[dict[str, Measured], dict[str, int]]:
    """Return the seconds of each side by name, and how many rows of which table one submission writes."""
    client = Client(place, chosen, product)
    client.file()
    rows = _written(place, chosen.schema, client.file)
    connection = psycopg2.connect(place.owner_url)
    try:
        insert = _inserting(connection, rows)
        times = timed_in_turns({"API": client.file, "INSERTs": insert}, rounds=rounds)
    finally:
        connection.close()
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.table] = counts.get(row.table, 0) + 1
    return times, counts


def _written(place: Place, schema: str, work: Callable[[], object]) -> list[Row]:
    """Do the work and return the rows that it wrote in this schema and in public, in an order that keeps foreign keys."""
    ((before,),) = place.execute("SELECT pg_current_xact_id()::text::bigint")
    work()
    tables = place.execute(f"SET search_path = {schema}", TABLES)
    connection = place.connect()
    found = []
    try:
        with connection.cursor() as cursor:
            for namespace, table, columns, key in tables:
                cursor.execute(
                    sql.SQL("SELECT {} FROM {} WHERE xmin::text::bigint > %s").format(
                        sql.SQL(", ").join(
                            sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns
                        ),
                        sql.Identifier(namespace, table),
                    ),
                    [before],
                )
                for values in cursor.fetchall():
                    found.append(Row(namespace, table, dict(zip(columns, values, strict=True)), tuple(key)))
    finally:
        connection.close()
    return _referenced_first(found)


def _referenced_first(rows: list[Row]) -> list[Row]:
    """Return the rows so that a row comes after those whose UUID keys it names."""
    made: set[str] = set()
    keys = {row.values[name] for row in rows for name in row.key}
    left, ordered = list(rows), []
    while left:
        for row in left:
            named = {value for value in row.values.values() if value in keys and UUID.fullmatch(value or "")}
            own = {row.values[name] for name in row.key}
            if named - own <= made:
                break
        ordered.append(row)
        left.remove(row)
        made |= {value for value in own if value}
    return ordered


def _inserting(connection: "psycopg2.extensions.connection", rows: list[Row]) -> Callable[[], None]:
    """Return the work of writing such rows once more, under new keys, one INSERT a row, in one transaction."""
    case = next(row for row in rows if "idempotency_key" in row.values)
    number = case.values["number"] or ""
    keys = {value for row in rows for name in row.key if UUID.fullmatch(value := row.values[name] or "")}
    statements = [_insert(row).as_string(connection) for row in rows]

    def insert() -> None:
        fresh = {key: str(uuid.uuid4()) for key in keys}
        fresh[number] = f"{number[:6]}{uuid.uuid4().int % 10**12:012d}"
        fresh[case.values["idempotency_key"] or ""] = uuid.uuid4().hex
        with connection, connection.cursor() as cursor:
            for row, statement in zip(rows, statements, strict=True):
                cursor.execute(statement, [fresh.get(value, value) for value in row.values.values()])

    return insert


def _insert(row: Row) -> sql.Composed:
    columns = [sql.Identifier(name) for name in row.values]
    own_key = all(UUID.fullmatch(row.values[name] or "") for name in row.key)
    again = sql.SQL("")
    if not own_key:
        # a counter's row is there already: it gets a new version, and keeps its count
        names = [sql.Identifier(name) for name in row.key]
        kept = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(name) for name in names)
        again = sql.SQL(" ON CONFLICT ({}) DO UPDATE SET {}").format(sql.SQL(", ").join(names), kept)
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}){}").format(
        sql.Identifier(row.schema, row.table),
        sql.SQL(", ").join(columns),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
        again,
    )
