"""Opening a hall: the owner's work, whole or not at all."""

import dataclasses
from datetime import date

from django.db import transaction

from tenants.shared import migrating, naming, queries, roles, schemas, template
from tenants.shared.enums import HallState
from tenants.shared.models import Domain, Hall


class SchemaLeftBehind(Exception):
    """A schema of this name exists without being this hall's: nothing is opened over old data."""


class BadKey(Exception):
    """A hall's key is its schema and its host's label: 2 to 20 lower-case letters and digits."""


@dataclasses.dataclass(frozen=True)
class HallFacts:
    """What must be known of a hall to open it; `key` becomes schema and host label."""

    key: str
    host: str
    name: str
    short_name: str
    level: str
    division_code: str
    case_prefix: str
    document_prefix: str
    department_prefix: str
    uscc: str = ""
    position: int = 0
    opened_on: date | None = None


def next_number() -> int:
    """Return a number for a hall that is about to be made: its row's, and its role's."""
    return int(roles.rows("SELECT nextval(pg_get_serial_sequence('public.tenants_shared_hall', 'id'))")[0][0])


def open_hall(
    facts: HallFacts,
    *,
    state: HallState = HallState.OPEN,
    by_migrations: bool = False,
    number: int | None = None,
) -> Hall:
    """Make a hall: row, host, role, schema, tables, views and rights, in one transaction of the owner.

    Its tables are copied from the template; `by_migrations` makes them step by step instead, which is slow and ends the
    same. A process killed half way leaves nothing. `number` is one of `next_number` that somebody has written down. Raises BadKey, SchemaLeftBehind when a schema of that name exists,
    and template.Behind.
    """
    if not naming.is_key(facts.key):
        raise BadKey(
            f"{facts.key!r} cannot be a hall's key: write 2 to 20 lower-case letters and digits, a letter first"
        )
    fields = {key: value for key, value in dataclasses.asdict(facts).items() if key not in {"key", "host"}}
    with transaction.atomic(using=roles.OWNER):
        if naming.schema_exists(facts.key, using=roles.OWNER):
            raise SchemaLeftBehind(
                f"schema {facts.key} exists already: look at it, rename or drop it, then open the hall again"
            )
        # the role's name needs the number that the row is about to get
        number = number or next_number()
        role = roles.ensure_hall_role(migrating.names(), number)
        hall = Hall(pk=number, schema_name=facts.key, role=role, state=state, **fields)
        # not save(): django-tenants' own looks at the default connection, which reaches no table here
        Hall.objects.using(roles.OWNER).bulk_create([hall])
        Domain.objects.using(roles.OWNER).bulk_create(
            [Domain(domain=facts.host, tenant=hall, is_primary=True)]
        )
        roles.run("CREATE SCHEMA {}", facts.key)
        if by_migrations:
            schemas.migrate(facts.key)
        else:
            template.copy(facts.key)
        migrating.prepare(hall)
    queries.forget()
    return hall


def all_halls() -> list[Hall]:
    """Return all halls that stand as the owner sees them, in the city's order."""
    standing = Hall.objects.using(roles.OWNER).exclude(state=HallState.DELETED)
    return list(standing.order_by("position", "id"))
