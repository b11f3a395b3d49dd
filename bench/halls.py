"""What only the product's own process can time: opening a hall, and entering a hall's scope. `python -m bench.halls OPENINGS ENTRIES`.

Prints the seconds of each, round by round, as JSON; needs all logins.
"""

import itertools
import json
import sys
from functools import partial

import django
from psycopg2 import sql

from bench.load import Measured, timed_in_turns

BATCH = 50


def opening(rounds: int) -> dict[str, Measured]:
    """Time opening one more hall against the same tables by plain DDL; both in one transaction a hall."""
    from django.db import connections  # noqa: PLC0415 -- after setup
    from django.utils import timezone  # noqa: PLC0415

    from catalog.hall.models import Adoption  # noqa: PLC0415
    from catalog.hall.services import adoption  # noqa: PLC0415
    from tenants.shared import scope, services  # noqa: PLC0415

    first = services.all_halls()[0]
    numbers = itertools.count(len(services.all_halls()))

    with scope.hall(first):
        codes = list(Adoption.objects.order_by("code").values_list("code", flat=True))

    def product(*, by_migrations: bool = False, with_items: bool = False) -> None:
        number = next(numbers)
        key, prefix = f"bench{number}", str(999000 + number)
        hall = services.open_hall(
            services.HallFacts(
                key=key, host=f"{key}.localhost", name=key, short_name=key, level="county", division_code=prefix,
                case_prefix=prefix, document_prefix=key, department_prefix=key,
            ),
            by_migrations=by_migrations,
        )  # fmt: skip
        if with_items:
            with scope.hall(hall):
                adoption.adopt(codes, now=timezone.now())

    def tables() -> None:
        schema = f"plain{next(numbers)}"
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace",
                [first.schema_name],
            )
            names = [name for (name,) in cursor.fetchall()]
            cursor.execute(
                sql.SQL("BEGIN; CREATE SCHEMA {schema}; {tables}; COMMIT").format(
                    schema=sql.Identifier(schema),
                    tables=sql.SQL(";").join(
                        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
                            sql.Identifier(schema, name), sql.Identifier(first.schema_name, name)
                        )
                        for name in names
                    ),
                )
            )

    return timed_in_turns(
        {
            "open_hall": product,
            "and all items": partial(product, with_items=True),
            "by migrations": partial(product, by_migrations=True),
            "tables alone": tables,
        },
        rounds=rounds,
    )


def entering(rounds: int) -> dict[str, Measured]:
    """Time entering and leaving a hall's scope against BEGIN, a query and COMMIT, through Django and by the driver alone."""
    from django.db import connections, transaction  # noqa: PLC0415 -- after setup

    from tenants.shared import scope, services  # noqa: PLC0415

    hall = services.all_halls()[0]
    gate = connections["gate"]
    gate.ensure_connection()
    driver = gate.connection

    def scoped() -> None:
        for _ in range(BATCH):
            with scope.hall(hall):
                pass

    def atomic() -> None:
        for _ in range(BATCH):
            with transaction.atomic(using="gate"), gate.cursor() as cursor:
                cursor.execute("SELECT 1")

    def plain() -> None:
        for _ in range(BATCH):
            with driver.cursor() as cursor:
                for statement in ("BEGIN", "SELECT 1", "COMMIT"):
                    cursor.execute(statement)

    found = timed_in_turns({"scope": scoped, "atomic": atomic, "BEGIN, COMMIT": plain}, rounds=rounds)
    return {name: Measured([seconds / BATCH for seconds in times.values]) for name, times in found.items()}


if __name__ == "__main__":
    django.setup()
    found = {"entering": entering(int(sys.argv[2])), "opening": opening(int(sys.argv[1]))}
    print(
        json.dumps(
            {group: {name: times.values for name, times in each.items()} for group, each in found.items()}
        )
    )
