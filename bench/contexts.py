"""Keep what the product's templates were given: `python -m bench.contexts FILE HOST PORT PATH…`, with the product's settings.

The bare views render the same templates from it, so that both sides of a comparison send the same page.
"""

import pickle
import sys
from pathlib import Path
from typing import Any

import django
from django.db.models import QuerySet


class Keeper(pickle.Pickler):
    """Keeps a query as the list of what it had read: outside its hall it cannot be asked again."""

    def reducer_override(self, thing: Any) -> Any:
        """Return how a query is kept; everything else is kept as always."""
        return (list, (thing._result_cache or [],)) if isinstance(thing, QuerySet) else NotImplemented


def contexts(host: str, port: str, paths: list[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return template and context of each page, less the request, which cannot be kept."""
    from django.test import Client  # noqa: PLC0415 -- after setup
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    setup_test_environment()
    client = Client(headers={"host": host})
    found = {}
    for path in paths:
        # links to other hosts carry the port that the page came from
        response = client.get(path, SERVER_PORT=port)
        if response.status_code != 200:
            raise SystemExit(f"{host}{path}: {response.status_code}")
        context = response.context[0].flatten()
        del context["request"]
        context["csrf_token"] = str(context["csrf_token"])
        found[path] = (response.templates[0].name, context)
    return found


if __name__ == "__main__":
    django.setup()
    with Path(sys.argv[1]).open("wb") as file:
        Keeper(file).dump(contexts(sys.argv[2], sys.argv[3], sys.argv[4:]))
