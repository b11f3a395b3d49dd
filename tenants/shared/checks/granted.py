"""Rights as PostgreSQL's catalogs have them, compared exactly with what settings name: what is missing, what is in excess.

A right is one entry of an access list: on which object of a schema, to whom, which privileges. The owner's own are not looked at.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.apps import apps
from django.conf import settings

from tenants.shared import roles

ITS_ROLE = "its role"  # what digests call the role of whichever hall
SCHEMA = ""  # the name under which a schema's own access list stands beside its tables
_LETTERS = {"SELECT": "r", "INSERT": "a", "UPDATE": "w", "DELETE": "d", "USAGE": "U"}
_WORDS = {
    **{letter: word for word, letter in _LETTERS.items()},
    "D": "TRUNCATE", "x": "REFERENCES", "t": "TRIGGER", "X": "EXECUTE", "C": "CREATE", "m": "MAINTAIN",
}  # fmt: skip
_ORDER = "arwdDxtXUCTcsAm"  # in which PostgreSQL writes them

_OF_OTHERS = (
    "split_part(o.entry, '=', 1) NOT IN (pg_get_userbyid(o.owner), quote_ident(pg_get_userbyid(o.owner)))"
)


def _entries(of: str) -> str:
    """Return the query of all entries in some schemas: schema, object, kind, grantee (quoted where it must be; empty: everybody), letters."""
    return f"""
    SELECT n.nspname AS schema, o.name, split_part(o.entry, '=', 1) AS grantee, split_part(split_part(o.entry, '=', 2), '/', 1) AS letters
    FROM pg_namespace n CROSS JOIN LATERAL (SELECT '' AS name, n.nspowner AS owner, unnest(n.nspacl)::text AS entry) o
    WHERE n.nspname = ANY(%(schemas)s) AND {_OF_OTHERS}
    UNION ALL SELECT n.nspname, o.name, split_part(o.entry, '=', 1), split_part(split_part(o.entry, '=', 2), '/', 1)
    FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid CROSS JOIN LATERAL (
        SELECT c.relname AS name, c.relowner AS owner, unnest(c.relacl)::text AS entry
        UNION ALL SELECT c.relname || '.' || a.attname, c.relowner, unnest(a.attacl)::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL
    ) o WHERE n.nspname = ANY(%(schemas)s) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {of} AND {_OF_OTHERS}"""  # noqa: S608 -- of this module's own texts


_ALL, _NAMED = _entries("true"), _entries("c.relname = ANY(%(names)s)")
_DIGESTS = """
    SELECT schema, md5(string_agg(concat_ws(' ', name, grantee, letters), E'\\n' ORDER BY name COLLATE "C", grantee COLLATE "C")) FROM (
        SELECT e.schema, e.name, CASE WHEN e.grantee = h.role THEN %(its_role)s ELSE e.grantee END AS grantee, e.letters
        FROM ({entries}) e LEFT JOIN public.tenants_shared_hall h ON h.schema_name = e.schema
    ) said GROUP BY 1
"""


class Right(NamedTuple):
    """What one grantee (empty: everybody) may do with one object of a schema; privileges as PostgreSQL's letters."""

    name: str
    grantee: str
    letters: str

    def __str__(self) -> str:
        words = ", ".join(_WORDS.get(letter, "(to be passed on)") for letter in self.letters)
        return f"{words} on {self.name or 'the schema'} to {self.grantee or 'PUBLIC'}"


def less(rights: Iterable[Right], others: Iterable[Right]) -> list[Right]:
    """Return what is left of rights without the privileges that the others give to the same on the same."""
    given = defaultdict[tuple[str, str], set[str]](set)
    for right in others:
        given[right.name, right.grantee] |= _privileges(right)
    left = [
        Right(
            right.name,
            right.grantee,
            "".join(_in_order(_privileges(right) - given[right.name, right.grantee])),
        )
        for right in sorted(rights)
    ]
    return [right for right in left if right.letters]


def _privileges(right: Right) -> set[str]:
    """Return the letters of a right; one with a star may be passed on."""
    return set(re.findall(r"\w\*?", right.letters))


def _in_order(letters: Iterable[str]) -> list[str]:
    return sorted(letters, key=lambda letter: _ORDER.index(letter[0]))


def rights_of(name: str, grantee: str, privileges: str) -> set[Right]:
    """Return what privileges give that are written as in a GRANT: one right to the whole, one a column that is named."""
    letters: dict[str, set[str]] = {}
    for word, columns in re.findall(r"([A-Z]+)\s*(?:\(([^)]*)\))?", privileges):
        for column in columns.split(",") if columns else [""]:
            letters.setdefault(f"{name}.{column.strip()}" if column else name, set()).add(_LETTERS[word])
    return {Right(of, grantee, "".join(_in_order(found))) for of, found in letters.items()}


def relations(schema: str) -> dict[str, str]:
    """Return the tables, views and sequences of a schema with their kinds (pg_class.relkind)."""
    return dict(
        roles.rows(
            "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')",
            [schema],
        )
    )


def found(schema: str) -> set[Right]:
    """Return every right that somebody besides the owner has in a schema."""
    return {Right(*entry) for _, *entry in roles.rows(_ALL, {"schemas": [schema]})}


def digests(schemas: Iterable[str]) -> dict[str, str]:
    """Return a digest of the rights in each of these schemas, a hall's own role being called that; one query."""
    return dict(roles.rows(_DIGESTS.format(entries=_ALL), {"schemas": list(schemas), "its_role": ITS_ROLE}))


def digest(rights: Iterable[Right]) -> str:
    """Return the digest that PostgreSQL would give for these rights."""
    text = "\n".join(
        " ".join(right)
        for right in sorted(rights, key=lambda right: (right.name.encode(), right.grantee.encode()))
    )
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def of_hall(names: roles.Names, kinds: dict[str, str], role: str = ITS_ROLE) -> set[Right]:
    """Return the rights that settings give in a hall's schema with these relations."""
    sealer = names.of("sealer")
    wanted = {Right(SCHEMA, role, "U"), Right(SCHEMA, sealer, "U")}
    for name, kind in kinds.items():
        if kind == "S":
            wanted.add(Right(name, role, "U"))
        elif privileges := settings.HALL_RIGHTS.get(name, "SELECT, INSERT, UPDATE, DELETE"):
            wanted |= rights_of(name, role, privileges)
    for name, privileges in settings.SEALER_RIGHTS.items():
        if name in kinds:
            wanted |= rights_of(name, sealer, privileges)
    return wanted


def of_public(names: roles.Names, kinds: dict[str, str]) -> set[Right]:
    """Return the rights that settings give in the public schema with these relations."""
    granted: dict[tuple[str, str], str] = {}
    for name, kind in kinds.items():
        if kind == "S":
            granted |= {(name, short): "USAGE" for short in ("gate", "halls", "city", "sealer")}
        else:
            granted |= {
                (name, short): privileges
                for short, privileges in settings.PUBLIC_RIGHTS.get(name, {}).items()
            }
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in settings.GATE_APPS and model._meta.db_table in kinds:
            granted[model._meta.db_table, "gate"] = "SELECT, INSERT, UPDATE, DELETE"
    granted |= {(SCHEMA, short): "USAGE" for short in ("gate", "readers", "sealer")}
    return {
        right
        for (name, short), privileges in granted.items()
        for right in rights_of(name, names.of(short), privileges)
    }


@dataclass(frozen=True)
class Policy:
    """A permissive row-level security policy of public; conditions as a policy of settings or of this module says them."""

    table: str
    name: str
    command: str
    roles: tuple[str, ...]
    using: str = ""
    check: str = ""

    @property
    def settled(self) -> "Policy":
        """The policy with its conditions without the casts, brackets and spaces that PostgreSQL adds."""
        return replace(self, using=_settled(self.using), check=_settled(self.check))


def _settled(condition: str) -> str:
    return re.sub(r"::(text|character varying)|[()\s]", "", condition).lower()


def policies_wanted(names: roles.Names) -> list[Policy]:
    """Return the policies of public: a hall has its own rows of what halls write, the portal and the city all; the city asks."""
    own, halls, city = "hall_role = current_user", (names.of("halls"),), names.of("city")
    wanted = []
    for table in settings.HALL_WRITTEN_TABLES:
        wanted.append(Policy(table, "own_rows", "ALL", halls, own, own))
        # a grant is asked for besides: gate reads the looks of all halls, and no other of these tables
        all_rows = tuple(sorted((city, names.of("portal"), names.of("gate"))))
        wanted.append(Policy(table, "all_rows", "ALL", all_rows, "true"))
    for table, condition in settings.ASKED_TABLES.items():
        wanted.append(Policy(table, "asked", "INSERT", (city,), check=condition))
        wanted.append(Policy(table, "read", "SELECT", (city,), "true"))
    return wanted


def policies_found() -> list[Policy]:
    """Return the policies of public; the command of a restrictive one says so."""
    return [
        Policy(table, name, command + odd, tuple(sorted(to)), using or "", check or "")
        for table, name, command, odd, to, using, check in roles.rows(
            "SELECT tablename, policyname, cmd, CASE WHEN permissive = 'PERMISSIVE' THEN '' ELSE ' RESTRICTIVE' END,"
            " roles::text[], qual, with_check FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"
        )
    ]


def policies_amiss(names: roles.Names) -> tuple[list[Policy], list[Policy]]:
    """Return the policies that public has and should not, and those that it should have and has not."""
    found = {policy.settled: policy for policy in policies_found()}
    wanted = {policy.settled: policy for policy in policies_wanted(names)}
    return (
        [found[key] for key in found if key not in wanted],
        [wanted[key] for key in wanted if key not in found],
    )


def unsecured() -> set[str]:
    """Return the public tables that have policies and whose row-level security is off."""
    return {
        table
        for (table,) in roles.rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s) AND NOT relrowsecurity",
            [[*settings.HALL_WRITTEN_TABLES, *settings.ASKED_TABLES]],
        )
    }


def settle_public(names: roles.Names) -> None:
    """Make the rights of public, of the extensions' schema and the policies exactly what settings say."""
    kinds = relations("public")
    settle("public", of_public(names, kinds), kinds)
    entrances = {Right(SCHEMA, names.of(short), "U") for short in ("gate", "readers", "sealer")}
    settle(settings.EXTENSIONS_SCHEMA, entrances, {})
    for table in sorted(unsecured()):
        roles.run("ALTER TABLE public.{} ENABLE ROW LEVEL SECURITY", table)
    excess, missing = policies_amiss(names)
    for policy in excess:
        roles.run("DROP POLICY {} ON public.{}", policy.name, policy.table)
    for policy in missing:
        to = ", ".join("{}" for _ in policy.roles)
        conditions = f" USING ({policy.using})" if policy.using else ""
        conditions += f" WITH CHECK ({policy.check})" if policy.check else ""
        roles.run(
            f"CREATE POLICY {{}} ON public.{{}} FOR {policy.command} TO {to}{conditions}",
            policy.name, policy.table, *policy.roles,
        )  # fmt: skip


def settle_hall(names: roles.Names, schema: str, role: str, kinds: dict[str, str]) -> None:
    """Make the rights on these relations of a hall's schema exactly what settings say. One look when they are.

    The relations are looked up by name: in a database of many halls a list of a schema's costs a walk over all.
    """
    settle(schema, of_hall(names, kinds, role), kinds)


def settle(schema: str, wanted: set[Right], kinds: dict[str, str]) -> None:
    """Give what is wanted on these relations and on the schema, take what is in excess, and send nothing else."""
    before, after = defaultdict[tuple[str, str], set[str]](set), defaultdict[tuple[str, str], set[str]](set)
    there = {Right(*entry) for _, *entry in roles.rows(_NAMED, {"schemas": [schema], "names": list(kinds)})}
    for entries, rights in ((before, there), (after, wanted)):
        for right in rights:
            entries[right.name, right.grantee] |= _privileges(right)
    # one statement for all relations of a kind that are changed alike
    changes = defaultdict[tuple[str, str, str, str], list[str]](list)
    for name, grantee in before.keys() | after.keys():
        had, has = before[name, grantee], after[name, grantee]
        for verb, changed in (("REVOKE", had - has), ("GRANT", has - had)):
            if changed:
                on = "SCHEMA" if name == SCHEMA else "SEQUENCE" if kinds.get(name) == "S" else "TABLE"
                column = name.partition(".")[2]
                changes[
                    verb, "".join(letter[0] for letter in _in_order(changed)), on + " " + column, grantee
                ].append(name.partition(".")[0])
    for (verb, letters, on, grantee), objects in sorted(changes.items(), reverse=True):
        _change(verb, letters, schema, on, grantee, sorted(objects))


def _change(verb: str, letters: str, schema: str, on: str, grantee: str, objects: list[str]) -> None:
    kind, _, column = on.partition(" ")
    columns = [column] * len(letters) if column else []
    privileges = ", ".join(_WORDS[letter] + (" ({})" if column else "") for letter in letters)
    if kind == "SCHEMA":
        where, named = "{}", [schema]
    else:
        where, named = (
            ", ".join("{}.{}" for _ in objects),
            [part for name in objects for part in (schema, name)],
        )
    # as the catalogs write it, quoted where it must be
    who = grantee.strip('"').replace('""', '"')
    roles.run(
        f"{verb} {privileges} ON {kind} {where} {'TO' if verb == 'GRANT' else 'FROM'} {'{}' if who else 'PUBLIC'}",
        *columns, *named, *([who] if who else []),
    )  # fmt: skip
