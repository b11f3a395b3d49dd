"""What must be true of every hall's schema, role and rights: findings of check_halls, each one sentence.

Apps above add their own (tenants.shared.declared): `hall_checks` inside the hall's scope, `public_checks` as the city.
"""

from collections.abc import Iterator

from django.conf import settings

from tenants.shared import declared, migrating, roles, schemas, scope, services, structure, template
from tenants.shared.archive import swapping
from tenants.shared.models import Hall

OWN_SCHEMAS = {"public", template.SCHEMA, settings.EXTENSIONS_SCHEMA, "information_schema"}


def findings() -> Iterator[str]:
    """Yield everything that is wrong, as the owner and as each hall. Changes nothing."""
    halls = services.all_halls()
    yield from _orphans(halls)
    yield from _public()
    # read once, however many halls are compared with it
    there, wanted = migrating.stands(template.SCHEMA), structure.tables(template.SCHEMA)
    for hall in halls:
        yield from of_hall(hall, there, wanted)


def of_hall(hall: Hall, there: str, wanted: list[structure.Part]) -> Iterator[str]:
    """Yield what is wrong with one hall, compared with where the template stands and what it is made of.

    A copy has none of the public facts that its original has: checks of these are left out.
    """
    broken = list(_schema(hall, there, wanted))
    yield from broken
    if broken:
        return
    left_out = list(declared.functions("checks_of_public_facts")) if hall.copy_of else []
    try:
        with scope.hall(hall):
            for check in declared.functions("hall_checks"):
                if check not in left_out:
                    yield from (f"{hall.key}: {finding}" for finding in check(hall))
    except scope.WrongHall as wrong:
        yield f"{hall.key}: its schema is another hall's: {wrong}"


def drift(schema: str) -> list[str]:
    """Return the declared objects of this schema that are missing or of another text."""
    kind = "public_objects" if schema == schemas.PUBLIC else "hall_objects"
    return [
        item.name for item in schemas.objects(kind) if schemas.installed_digest(schema, item) != item.digest
    ]


def _orphans(halls: list[Hall]) -> Iterator[str]:
    known = {hall.schema_name for hall in halls} | OWN_SCHEMAS | swapping.schemas_beside()
    for (schema,) in roles.rows(
        "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%%' ORDER BY 1"
    ):
        if schema not in known:
            yield f"schema {schema} belongs to no hall: look at it, then rename or drop it"
    names = migrating.names()
    expected = {hall.role for hall in halls}
    for (role,) in roles.rows(
        "SELECT r.rolname FROM pg_roles r JOIN pg_auth_members m ON m.member = r.oid JOIN pg_roles g ON g.oid = m.roleid"
        " WHERE g.rolname = %s AND r.rolname <> %s ORDER BY 1",
        [names.of("halls"), names.of("web")],
    ):
        if role not in expected and _has_rights_here(role):
            yield f"role {role} belongs to no hall and still has rights in this database"


def _has_rights_here(role: str) -> bool:
    return bool(
        roles.rows(
            "SELECT 1 FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'USAGE') AND nspname NOT IN ('public', %s) AND nspname NOT LIKE 'pg\\_%%' AND nspname <> 'information_schema'",
            [role, settings.EXTENSIONS_SCHEMA],
        )
    )


def _public() -> Iterator[str]:
    if schemas.is_behind(schemas.PUBLIC) or not template.is_current():
        yield "public or the template of halls lacks migrations: run migrate_halls"
    yield from _drift(schemas.PUBLIC)
    for table in settings.HALL_WRITTEN_TABLES:
        if roles.rows(
            "SELECT 1 FROM pg_class WHERE oid = %s::regclass AND NOT relrowsecurity", [f"public.{table}"]
        ):
            yield f"public.{table}: row-level security is off: run migrate_halls --all"
    for owned in roles.rows(
        "SELECT relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s",
        [migrating.names().of("web")],
    ):
        yield f"{owned[0]} is owned by the web login, which must own nothing"
    with scope.city():
        for check in declared.functions("public_checks"):
            yield from check()


def _drift(schema: str) -> Iterator[str]:
    for name in drift(schema):
        yield f"{schema}: {name} is not what the code makes: run migrate_halls --all"


def _schema(hall: Hall, there: str, wanted: list[structure.Part]) -> Iterator[str]:
    if not roles.rows("SELECT 1 FROM pg_namespace WHERE nspname = %s", [hall.schema_name]):
        yield f"{hall.key}: its schema is lost: restore it from a backup"
        return
    if not roles.exists(hall.role):
        yield f"{hall.key}: its role {hall.role} is lost: run migrate_halls --all"
        return
    if hall.quarantined_at:
        yield f"{hall.key}: closed since {hall.quarantined_at:%Y-%m-%d %H:%M} UTC, its migration failed: run migrate_halls"
        return
    if migrating.stands(hall.schema_name) != there:
        yield f"{hall.key}: lacks migrations: run migrate_halls"
        return
    yield from _drift(hall.schema_name)
    yield from _built(hall, wanted)
    yield from _leaks(hall)


def _built(hall: Hall, wanted: list[structure.Part]) -> Iterator[str]:
    """Yield where tables, constraints or indexes are not what the migrations make."""
    for difference in structure.differences(wanted, structure.tables(hall.schema_name)):
        yield f"{hall.key}: {difference}: somebody changed it by hand; undo it, or write a migration"


def _leaks(hall: Hall) -> Iterator[str]:
    """Yield the roles that may use this schema and should not."""
    names = migrating.names()
    for (role,) in roles.rows(
        "SELECT rolname FROM pg_roles WHERE has_schema_privilege(oid, %s, 'USAGE') AND NOT rolsuper AND rolname NOT IN (%s, %s, current_user)"
        " AND rolname NOT LIKE 'pg\\_%%' ORDER BY 1",
        [hall.schema_name, hall.role, names.of("sealer")],
    ):
        yield f"{hall.key}: role {role} may use its schema: REVOKE it"
    for right in ("UPDATE", "DELETE"):
        for (table,) in roles.rows(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename = ANY(%s)"
            " AND has_table_privilege(%s, quote_ident(schemaname) || '.' || tablename, %s)",
            [
                hall.schema_name,
                [name for name, rights in settings.HALL_RIGHTS.items() if right not in rights],
                hall.role,
                right,
            ],
        ):
            yield f"{hall.key}: {table} can be changed by the hall's own role ({right}): run migrate_halls --all"
