"""`make bench`: load the city, then compare side by side, in rounds that take turns; medians, ratios, and the middle half."""

import json
import os
import signal
import sys
import time
from argparse import ArgumentParser
from urllib.parse import quote

from bench import desk, journey, pages, restoring, submission, weight
from bench.browser import NotOnThePage
from bench.load import Measured, Rates, WrongAnswer
from bench.place import ROOT, Place, StepFailed, WebServer, loaded_city, web_server

AIM = 0.75
WEB = ("WEB_DATABASE_URL", "GATE_DATABASE_URL")
KILO = 1024
MINUTE = 60
SEALING_AIM = 0.95
FASTER = 20
# halls of the whole country's counties, for which the aims of migrations are
MANY = 2844


def _spread(measured: Measured, scale: float = 1, form: str = ".2f") -> str:
    first, third = measured.quarters
    return f"{measured.median * scale:{form}} ({first * scale:{form}}-{third * scale:{form}})"


def _title(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}")


def _pages(place: Place, product: WebServer, *, rounds: int, seconds: float) -> None:
    chosen = pages.choose(place)
    found = pages.compare(place, chosen, product, rounds=rounds, seconds=seconds)
    _title(
        f"Pages of {chosen.host}, one gunicorn process each, {rounds} rounds of {seconds} s in turns: median (middle half)"
    )
    print(f"{'':18}{'requests/s':>24}{'CPU ms a request':>26}{'of it database':>16}")
    for name, rates in found.items():
        cpu = _spread(rates.cpu, 1000)
        print(
            f"{name:18}{_spread(rates.rate, 1, '.0f'):>24}{cpu:>26}{rates.database_cpu.median * 1000:>16.2f}"
        )
    print()
    for name in ("guide", "list"):
        for side in ("bare+page", "bare+json"):
            print(f"{name} of {side}: {_ratios(found[name], found[f'{name} {side}'])}")
    print(
        "bare+page: a plain Django view, no middleware: one query of the same rows from a plain table, and the same template\n"
        "           rendered from a kept context; its pages were compared byte by byte. bare+json: the query and a short answer.\n"
        f"The aim, guide >= {AIM} of the bare view, is of the rate of bare+page: what halls, roles, overlay and middleware cost."
    )


def _overlay(place: Place, *, rounds: int, seconds: float) -> None:
    chosen = pages.choose(place)
    place.step("enlarge", "-m", "bench.overlay", "enlarge", chosen.schema, chosen.role)
    ((items, overrides),) = place.execute(
        f"SELECT (SELECT count(*) FROM {chosen.schema}.catalog_hall_adoption), (SELECT count(*) FROM {chosen.schema}.catalog_hall_override)"
    )
    print(
        f"\nThe catalogue grown for what follows: {chosen.host} has {items} shared items and {overrides} overrides."
    )
    # a new process: the counts beside the filter are kept for a minute
    with web_server("product", place, place.environment(*WEB)) as product:
        _pages(place, product, rounds=rounds, seconds=seconds)
    print(place.step("search of many", "-m", "bench.search"))
    text = place.step(
        "overlay", "-m", "bench.overlay", "compare", chosen.schema, chosen.role, str(5 * rounds)
    )
    _title(f"The same questions in SQL, {5 * rounds} in turns: median ms (middle half)")
    print(f"{'':44}{'hall':>24}{'plain table':>24}{'ratio':>22}")
    for question, sides in json.loads(text).items():
        hall, plain = Measured(sides["hall"]), Measured(sides["plain"])
        ratio = _spread(hall.of(plain))
        print(f"{question:44}{_spread(hall, 1000):>24}{_spread(plain, 1000):>24}{ratio:>22}")


def _desk(place: Place, *, rounds: int) -> None:
    schema = pages.choose(place).schema
    found = {}
    for name, opened, archived in (("without", desk.OPEN, 0), ("with", 0, desk.ARCHIVED)):
        place.step(f"fill {name}", "-m", "bench.desk", "fill", schema, str(opened), str(archived))
        text = place.step("desk", "-m", "bench.desk", "ask", schema, str(rounds))
        found[name] = {question: Measured(values) for question, values in json.loads(text).items()}

    _title(f"The clerk's desk with {desk.OPEN} open cases, {rounds} in turns: median ms (middle half)")
    print(
        f"{'':34}{'open alone':>22}{f'and {desk.ARCHIVED} archived':>24}{'ratio':>8}{'of the bare query':>20}"
    )
    bare = found["with"]["bare query"]
    for question, alone in found["without"].items():
        among = found["with"][question]
        print(
            f"{question:34}{_spread(alone, 1000):>22}{_spread(among, 1000):>24}"
            f"{among.median / alone.median:>8.2f}{among.median / bare.median:>20.1f}"
        )
    place.step("plans", "-m", "bench.desk", "plans", schema)
    print("No question of these reads the archive whole: every plan was looked at.")


def _ratios(mine: Rates, theirs: Rates) -> str:
    return f"rate {_spread(mine.rate.of(theirs.rate))}, by CPU {_spread(theirs.cpu.of(mine.cpu))}"


def _submission(place: Place, product: WebServer, *, rounds: int) -> None:
    times, counts = submission.compare(place, pages.choose(place), product, rounds=rounds)
    rows = ", ".join(f"{count} {table}" for table, count in sorted(counts.items()))
    _title(f"A submission, {rounds} in turns: median ms (middle half)")
    for name, measured in times.items():
        print(f"{name:18}{_spread(measured, 1000, '.1f'):>24}")
    print(f"API of INSERTs: {_spread(times['API'].of(times['INSERTs']), 1, '.1f')} times as long")
    print(f"rows a submission writes: {rows}")


def _halls(place: Place, *, openings: int, entries: int) -> None:
    text = place.step("halls", "-m", "bench.halls", str(openings), str(entries))
    groups = {
        group: {name: Measured(values) for name, values in each.items()}
        for group, each in json.loads(text).items()
    }
    opening, entering = groups["opening"], groups["entering"]
    _title(f"One more hall, {openings} in turns: median s (middle half)")
    for name, measured in opening.items():
        print(f"{name:18}{_spread(measured):>24}")
    print(
        f"open_hall of its tables alone: {_spread(opening['open_hall'].of(opening['tables alone']), 1, '.1f')} times as long;"
        f" by migrations of open_hall: {_spread(opening['by migrations'].of(opening['open_hall']), 1, '.1f')} times as long (aim {FASTER})"
    )
    print(
        f"open_hall with role, rights and the whole catalogue (all items of the first hall): {_spread(opening['and all items'])} s, aim 1"
    )
    _title(f"Entering and leaving a hall, {entries} rounds in turns: median µs (middle half)")
    for name, measured in entering.items():
        print(f"{name:18}{_spread(measured, 1e6, '.0f'):>24}")
    for name in ("atomic", "BEGIN, COMMIT"):
        print(f"scope of {name} with one query: {_spread(entering['scope'].of(entering[name]))}")


def _migrations(place: Place, *, halls: int) -> None:
    found = json.loads(place.step("migrations", "-m", "bench.migrations", str(halls)))
    _title(f"Migrating {found['halls']:,} halls")
    print(
        f"made {found['made']:,} of them from the template in {found['making']:.0f} s ({found['making'] / max(1, found['made']):.2f} s each)"
    )
    for name, aim in (("nothing", 5), ("column", 60)):
        its = found[f"its {name}"] * found["halls"]
        print(
            f"{ {'nothing': 'nothing to do', 'column': 'one more column'}[name] }: {found[name]:.1f} s"
            f" ({found[name] / found['halls'] * 1000:.1f} ms a hall; aim for {MANY:,} halls: {aim} s);"
            f" django-tenants' migrate_schemas {found[f'its {name}']:.2f} s a hall, reckoned {its:.0f} s: {its / found[name]:.0f} times as long"
        )
    print(f"the largest backend took {found['memory']:.0f} MB of its own")


def _weights(place: Place, product: WebServer) -> None:
    chosen = pages.choose(place)
    word = quote("证明")
    _title("First load of a page: KB on the wire, without fonts and photos")
    print(f"{'':46}{'sent':>8}{'html':>8}{'requests':>10}{'all by gzip':>13}")
    for host, path in (
        (chosen.portal, "/"),
        (chosen.portal, f"/search/?q={word}"),
        (chosen.host, "/"),
        (chosen.host, "/items/"),
        (chosen.host, chosen.guides[0]),
        (chosen.host, "/track/"),
    ):
        found = weight.weigh(product, host, path)
        over = "" if found.sent <= weight.LIMIT else f"  over {weight.LIMIT // KILO} KB"
        print(
            f"{found.page:46}{found.sent / KILO:>8.1f}{found.html / KILO:>8.1f}{found.requests:>10}{found.zipped / KILO:>13.1f}{over}"
        )


def _journey(place: Place, product: WebServer) -> None:
    way = journey.measure(place, product)
    _title(f"{journey.ITEM}, from the portal to the receipt, signing in on the way")
    print(
        f"{way.pages} pages (aim {journey.MOST_PAGES}) in {way.requests} requests with redirects, stylesheets and scripts,"
        f" {way.sent / KILO:.0f} KB up and down (aim {journey.MOST_BYTES // KILO}), without the applicant's own files"
    )


def _acts(place: Place, *, rounds: int) -> None:
    found = json.loads(place.step("acts", "-m", "bench.acts", str(rounds)))
    times = {name: Measured([seconds / 3 for seconds in values]) for name, values in found.items()}
    _title(f"An act at the desk (accept, review, grant), {rounds} rounds in turns: median ms (middle half)")
    for name, measured in times.items():
        print(f"{name:18}{_spread(measured, 1000, '.1f'):>24}{1 / measured.median:>12.0f} a second")
    print(
        f"service of the same rows by SQL: {_spread(times['service'].of(times['SQL']), 1, '.1f')} times as long"
    )


def _sweep(place: Place, *, cases: int, due: int) -> None:
    found = json.loads(place.step("sweep", "-m", "bench.sweep", str(cases), str(due)))
    idle, memory = Measured(found["idle"]), found["memory"]
    _title(f"The timed sweep over {cases:,} running cases of one hall")
    print(
        f"nothing due: {_spread(idle, 1000, '.1f')} ms, {idle.median / MINUTE:.3%} of the minute between two sweeps"
    )
    print(f"{found['acts']} due: {found['seconds'] / found['acts'] * 1000:.1f} s for 1,000")
    print(f"memory {memory[0]:.0f} MB before, {memory[-1]:.0f} MB after, at most {max(memory):.0f} MB")


def _sealing(place: Place, *, rounds: int) -> None:
    found = json.loads(place.step("sealing", "-m", "bench.sealing", str(rounds), "1.5"))
    written = {name: Measured(found[name]) for name in ("with", "without")}
    _title(f"Eight writers of audit rows, {rounds} rounds in turns: rows a second (middle half)")
    for name, measured in written.items():
        print(f"{f'{name} the sealer':22}{_spread(measured, 1, '.0f'):>24}")
    ratio = written["with"].of(written["without"])
    print(
        f"with of without: {_spread(ratio)}, aim {SEALING_AIM}; {sum(found['sealed']):.0f} rows sealed meanwhile"
    )


def _restoring(place: Place, product: WebServer, *, rounds: int) -> None:
    found = restoring.measure(place, product, rounds=rounds, seconds=4)
    restores = Measured(found.restore_seconds)
    _title(f"A hall restored in its place while another serves, {rounds} times in turns with quiet rounds")
    print(
        f"archive {found.bytes / KILO / KILO:.1f} MB, export_hall {found.export_seconds:.1f} s, restore_hall {_spread(restores, 1, '.1f')} s, with the program's start"
    )
    for name, answers in (("quiet", found.quiet), ("while restoring", found.busy)):
        print(
            f"the other hall, {name:16}{len(answers.seconds):>7} answers, {answers.errors} errors, p95 {answers.p95 * 1000:.0f} ms"
        )
    print(
        f"the restored hall itself: {found.own_errors} errors, the longest wait {found.own_longest * 1000:.0f} ms"
    )


def main() -> None:
    """Measure everything and print it. Ends with one line and a code of its own when a step fails."""
    parser = ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="rounds of each page and its bare sides")
    parser.add_argument("--seconds", type=float, default=0.7, help="seconds of each round")
    parser.add_argument(
        "--halls",
        type=int,
        default=100,
        help=f"halls that are migrated ({MANY:,} take a quarter of an hour to make)",
    )
    parser.add_argument(
        "--only-halls", action="store_true", help="measure nothing but opening and migrating halls"
    )
    parser.add_argument(
        "--only-restoring",
        action="store_true",
        help="measure nothing but a hall restored while another serves",
    )
    given = parser.parse_args()
    city = ROOT / os.environ.get("DEMO_CITY", "fixtures/bozhou")
    began = time.monotonic()
    # ended by a signal, the database and its folder go too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with loaded_city(city) as place:
            if given.only_halls:
                _halls(place, openings=3, entries=5 * given.rounds)
                _migrations(place, halls=given.halls)
                return
            if given.only_restoring:
                with web_server("product", place, place.environment(*WEB)) as product:
                    _restoring(place, product, rounds=3)
                return
            place.step("again", "manage.py", "load_city", str(city))
            ((halls, offers),) = place.execute(
                "SELECT (SELECT count(*) FROM tenants_shared_hall), (SELECT count(*) FROM catalog_shared_offer)"
            )
            _title(f"Loading the city: {halls} halls, {offers} items")
            print(
                f"database made and prepared {place.seconds['prepare']:.1f} s, load_city {place.seconds['load_city']:.1f} s,"
            )
            print(f"load_city again, which changes nothing, {place.seconds['again']:.1f} s")
            with web_server("product", place, place.environment(*WEB)) as product:
                _weights(place, product)
                _journey(place, product)
                _pages(place, product, rounds=given.rounds, seconds=given.seconds)
                _submission(place, product, rounds=5 * given.rounds)
            _desk(place, rounds=2 * given.rounds)
            with web_server("product", place, place.environment(*WEB)) as product:
                _restoring(place, product, rounds=3)
            _title("The search of all halls, on the questions of the tests")
            print(place.step("search", "-m", "bench.search"))
            _title("The catalogue as sheets")
            print(place.step("sheets", "-m", "bench.sheets"))
            _acts(place, rounds=3 * given.rounds)
            _sealing(place, rounds=given.rounds // 2)
            _sweep(place, cases=100_000, due=1_000)
            _title("Papers as signed PDF")
            print(place.step("papers", "-m", "bench.papers"))
            _halls(place, openings=3, entries=5 * given.rounds)
            _overlay(place, rounds=given.rounds, seconds=given.seconds)
            _migrations(place, halls=given.halls)
    except (StepFailed, WrongAnswer, NotOnThePage, pages.NotTheSame, submission.NotFiled) as failure:
        sys.exit(str(failure))
    print(f"\n{time.monotonic() - began:.0f} s in all, on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
