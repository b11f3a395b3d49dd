"""Whether every hall has its schema, role, identity and folder, and nothing that looks like a hall's is nobody's."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import storages
from psycopg2 import sql

from tenants.shared import roles, template
from tenants.shared.archive import swapping
from tenants.shared.checks.findings import Finding
from tenants.shared.models import Hall

OWN_SCHEMAS = {"public", template.SCHEMA, settings.EXTENSIONS_SCHEMA, "information_schema"}
_REPAIR = "run migrate_halls --all"


def orphans(halls: list[Hall], names: roles.Names) -> Iterator[Finding]:
    """Yield what no hall owns: schemas, roles with rights in this database, folders of files, rows of public tables."""
    yield from _orphaned_schemas(halls)
    yield from _orphaned_roles(halls, names)
    yield from _orphaned_folders(halls, names)
    yield from _orphaned_rows()


def _orphaned_schemas(halls: list[Hall]) -> Iterator[Finding]:
    known = {hall.schema_name for hall in halls} | OWN_SCHEMAS | swapping.schemas_beside()
    for (schema,) in roles.rows(
        "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%%' ORDER BY 1"
    ):
        if schema not in known:
            words = f"schema {schema} belongs to no hall"
            yield Finding("", "schema-orphan", words, "look at it, then rename or drop it")


def _orphaned_roles(halls: list[Hall], names: roles.Names) -> Iterator[Finding]:
    """Yield roles of halls that are none here and yet own or may do something in this database.

    Roles are the whole server's: a hall of another database, or of a copy of this one, has rights there and none here.
    """
    expected = {hall.role for hall in halls}
    for (role,) in roles.rows(
        "SELECT DISTINCT r.rolname FROM pg_roles r JOIN pg_shdepend d ON d.refclassid = 'pg_authid'::regclass AND d.refobjid = r.oid"
        " WHERE d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND r.rolname ~ %s ORDER BY 1",
        [f"^{re.escape(names.prefix)}_h[0-9]+$"],
    ):
        if role not in expected:
            words = f"role {role} belongs to no hall and still has rights in this database"
            yield Finding("", "role-orphan", words, f"DROP OWNED BY {role}")


def _orphaned_folders(halls: list[Hall], names: roles.Names) -> Iterator[Finding]:
    expected, shape = {hall.role for hall in halls}, re.compile(re.escape(names.prefix) + r"_h\d+")
    try:
        folders, _files = storages["cases"].listdir("")
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        if shape.fullmatch(folder) and folder not in expected:
            words = f"folder {folder} of the files belongs to no hall"
            yield Finding("", "folder-orphan", words, "look at it, then move it away")


def _orphaned_rows() -> Iterator[Finding]:
    """Yield the public tables that halls write and that have rows of a role that is no hall's; without one they are the city's. One query."""
    one = sql.SQL(
        "SELECT {name} AS name, hall_role, count(*) FROM public.{table} t"
        " WHERE t.hall_role <> '' AND NOT EXISTS (SELECT 1 FROM public.tenants_shared_hall h WHERE h.role = t.hall_role) GROUP BY hall_role"
    )
    parts = [
        one.format(name=sql.Literal(table), table=sql.Identifier(table))
        for table in settings.HALL_WRITTEN_TABLES
    ]
    for table, role, count in roles.composed(sql.SQL(" UNION ALL ").join(parts)):
        words = f"public.{table} has {count} rows of {role}, which is no hall's role"
        yield Finding("", "rows-orphan", words, "look at them, then delete them")


def of_halls(halls: list[Hall], names: roles.Names) -> dict[str, list[Finding]]:
    """Return by key what is wrong with where each hall stands: its schema, role and identity. A constant number of queries."""
    found: dict[str, list[Finding]] = {hall.key: [] for hall in halls}
    there = {name for (name,) in roles.rows("SELECT nspname FROM pg_namespace")}
    able = {
        role: may
        for role, may in roles.rows(
            "SELECT rolname, rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication FROM pg_roles"
        )
    }
    groups = roles.memberships([names.of("halls"), *(hall.role for hall in halls)])
    entered: dict[str, set[str]] = {hall.role: set() for hall in halls}
    for group, member in groups:
        entered.get(group, set()).add(member)
    makers = _owners()
    above = _above([hall.role for hall in halls])
    for hall in halls:
        tell = found[hall.key].append
        if hall.schema_name not in there:
            tell(Finding(hall.key, "schema-lost", "its schema is lost", "restore it from a backup"))
        if hall.role not in able:
            tell(Finding(hall.key, "role-lost", f"its role {hall.role} is lost", _REPAIR))
            continue
        if able[hall.role]:
            tell(
                Finding(
                    hall.key,
                    "role-rights",
                    f"its role {hall.role} may log in or do what no hall may",
                    f"ALTER ROLE {hall.role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB",
                )
            )
        if missing := {names.of("web")} - entered[hall.role]:
            tell(Finding(hall.key, "role-rights", f"{', '.join(missing)} may not become its role", _REPAIR))
        for member in sorted(entered[hall.role] - {names.of("web")} - makers):
            tell(
                Finding(
                    hall.key,
                    "role-rights",
                    f"role {member} may become its role {hall.role}",
                    f"REVOKE {hall.role} FROM {member}",
                )
            )
        if above[hall.role] != {names.of("halls")}:
            wrong = above[hall.role] ^ {names.of("halls")}
            tell(
                Finding(
                    hall.key,
                    "role-rights",
                    f"its role {hall.role} is a member of other roles than it should: {', '.join(sorted(wrong))}",
                    "GRANT or REVOKE it",
                )
            )
    return found


def _above(members: list[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {member: set() for member in members}
    for group, member in roles.rows(
        "SELECT g.rolname, r.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = ANY(%s)",
        [members],
    ):
        found[member].add(group)
    return found


def _owners() -> set[str]:
    """Return who makes the roles: since PostgreSQL 16 a role's maker is a member of it."""
    return {role for (role,) in roles.rows("SELECT current_user")}


def identities(halls: list[Hall]) -> Iterator[Finding]:
    """Yield the halls whose schema says that it is another's, or nobody's; one query for those given, whose tables must be there."""
    if not halls:
        return
    one = sql.SQL(
        "SELECT {pk} AS pk, array_agg(ARRAY[key, generation::text, state]) FROM {schema}.tenants_hall_identity"
    )
    parts = [one.format(pk=sql.Literal(hall.pk), schema=sql.Identifier(hall.schema_name)) for hall in halls]
    said = dict(roles.composed(sql.SQL(" UNION ALL ").join(parts)))
    for hall in halls:
        wanted = [[hall.schema_name, str(hall.generation), str(hall.state)]]
        if (found := said.get(hall.pk) or []) != wanted:
            told = " ".join(found[0]) if found else "nobody's"
            words = f"its schema is another hall's: it says {told}, not {' '.join(wanted[0])}"
            yield Finding(hall.key, "identity", words, "restore it from a backup")
