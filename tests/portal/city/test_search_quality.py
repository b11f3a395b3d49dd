"""The loaded city is asked what people ask: of the questions of tests/data/search_queries.csv at least 95 in a hundred."""

import os
import subprocess
import sys
from pathlib import Path

from tests.plugins import city as served
from tests.plugins import database

ENOUGH = 95.0
ASK = "import django; django.setup(); from bench import search; search.main()"


def test_what_people_ask_is_among_the_first_three(city):
    """In a process of its own, for this one's connections are those of another database."""
    var = Path(os.environ["VAR"]) / "city"
    logins = served._load_once(var)
    name = f"{served.LOADED}_{database.WORKER}"
    env = served._environment(
        VAR=str(var), **{key: database.url_of(url, name) for key, url in logins.items()}
    )
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=database.ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    print(done.stdout)  # noqa: T201 -- the table by kind, shown by pytest -s
    share = next(line for line in done.stdout.splitlines() if line.startswith("together")).split()[1]
    assert float(share.rstrip("%")) >= ENOUGH, done.stdout


def test_odd_questions_get_calm_pages(city, browser):
    for place in (f"{city.portal}/search/", f"{city.hall(_first_hall())}/items/"):
        for odd in (
            "长" * 10000,
            "   ",
            "'; DROP TABLE catalog_shared_offer; --",
            "😀😀",
            "\x00",
            "%",
            "a" * 10000,
        ):
            page = browser.session.get(place, params={"q": odd})
            assert (odd[:20], page.status_code) == (odd[:20], 200)


def _first_hall():
    import yaml

    return yaml.safe_load((served.FOLDER / "halls.yaml").read_text(encoding="utf-8"))[0]["key"]
