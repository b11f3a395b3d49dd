"""Opening a hall and changing its state: the owner's work, whole or not at all."""

import dataclasses
import re
from datetime import date

from django.db import transaction

from tenants.shared import migrating, queries, roles, schemas, template
from tenants.shared.enums import HallState
from tenants.shared.models import Domain, Hall

RESERVED_KEYS = {"public", "extensions", "www", "api"}


class SchemaLeftBehind(Exception):
    """A schema of this name exists without being this hall's: nothing is opened over old data."""


class BadKey(Exception):
    """A hall's key is its schema and its host's label: 2 to 20 lower-case letters and digits."""


class UnknownState(Exception):
    """The state is none of HallState."""


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


def check_key(key: str) -> None:
    """Raise BadKey unless this may be a hall's key."""
    if not re.fullmatch(r"[a-z][a-z0-9]{1,19}", key) or key in RESERVED_KEYS:
        raise BadKey(
            f"{key!r} cannot be a hall's key: write 2 to 20 lower-case letters and digits, a letter first"
        )


def open_hall(facts: HallFacts, *, state: HallState = HallState.OPEN, by_migrations: bool = False) -> Hall:
    """Make a hall: row, host, role, schema, tables, views and rights, in one transaction of the owner.

    Its tables are copied from the template; `by_migrations` makes them step by step instead, which is slow and ends the
    same. A process killed half way leaves nothing. Raises BadKey, SchemaLeftBehind when a schema of that name exists,
    and template.Behind.
    """
    check_key(facts.key)
    fields = {key: value for key, value in dataclasses.asdict(facts).items() if key not in {"key", "host"}}
    with transaction.atomic(using=roles.OWNER):
        if roles.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", [facts.key]):
            raise SchemaLeftBehind(
                f"schema {facts.key} exists already: look at it, rename or drop it, then open the hall again"
            )
        # the role's name needs the number that the row is about to get
        number = roles.rows("SELECT nextval(pg_get_serial_sequence('public.tenants_shared_hall', 'id'))")[0][
            0
        ]
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


def change_state(hall: Hall, state: str) -> None:
    """Set a hall's state in its row and in its schema's identity row, together. Raises UnknownState."""
    if state not in HallState.values:
        raise UnknownState(f"{state} is no state of a hall: write one of {', '.join(HallState.values)}")
    with transaction.atomic(using=roles.OWNER):
        hall.state = state
        Hall.objects.using(roles.OWNER).filter(pk=hall.pk).update(state=state)
        migrating.write_identity(hall)
    queries.forget()


def all_halls() -> list[Hall]:
    """Return all halls as the owner sees them, in the city's order."""
    return list(Hall.objects.using(roles.OWNER).order_by("position", "id"))
