"""The city's console: its halls at a glance, a page for each, and what the runs of check_halls found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.shared import hall_page, health, scope
from tenants.shared.models import Hall, HallCheck, HallFinding, HallJob, HallMigration
from tests.tenants.shared.test_commands import owner, run  # noqa: F401 -- a fixture


@pytest.fixture
def checked(owner):  # noqa: F811
    """A run that found one thing of the city's, two of east's."""
    now = timezone.now()
    kept = HallCheck.objects.using("owner").create(
        started_at=now, ended_at=now, halls=2, errors=2, warnings=1, by_name="市管理"
    )
    for key, code, severity in (
        ("", "policy", "error"),
        ("east", "sequence", "error"),
        ("east", "file-unowned", "warning"),
    ):
        HallFinding.objects.using("owner").create(
            check_run=kept, key=key, code=code, severity=severity, words=f"words of {code}", remedy="look"
        )
    return kept


def test_the_list_says_in_words_how_each_hall_is(checked, portal_client):
    page = portal_client("city_admin").get("/city/").content.decode()
    assert page.index("东县网上办事大厅") < page.index("西县网上办事大厅")
    assert "要马上处理" in page
    assert "2 处" in page
    assert "上次备份" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["east", "west"]),
        ("q=西", ["west"]),
        ("q=EAST", ["east"]),
        ("health=bad", ["east"]),
        ("health=good", ["west"]),
        ("health=look", []),
        ("state=frozen", []),
        ("state=open&sort=name", ["east", "west"]),
        ("sort=health", ["east", "west"]),
        ("sort=late", ["east", "west"]),
        # what is not known asks for nothing
        ("state=asleep&health=ill&sort=drop&page=x", ["east", "west"]),
        ("q=%00", ["east", "west"]),
    ],
)
def test_the_list_is_narrowed_and_sorted_in_sql(checked, portal_client, query, shown):
    page = portal_client("city_admin").get(f"/city/?{query}")
    assert [row["hall"].key for row in page.context["rows"]] == shown


def test_the_list_costs_as_much_for_many_halls(checked, portal_client):
    client, costs = portal_client("city_admin"), []
    for query in ("q=西", ""):
        client.get(f"/city/?{query}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/city/?{query}").status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_halls_page_is_put_together_from_what_apps_declare(checked, portal_client):
    page = portal_client("inspector").get("/city/halls/east/")
    names = [section.name for section in page.context["sections"]]
    assert names == ["life", "figures", "people", "domains", "theme", "migrations", "backups", "jobs", "log"]
    text = page.content.decode()
    assert "自动编号落后了" in text
    assert "words of sequence: look" in text
    assert "east.city.localhost" in text
    assert "再更新一次" not in text
    assert portal_client("city_admin").get("/city/halls/north/").status_code == 404


def test_a_part_of_two_apps_is_one_part():
    first = hall_page.Section("life", "状态", [hall_page.Line("a", 1)])
    second = hall_page.Section("life", "别的", [hall_page.Line("b", 2)], links=[hall_page.Link("去", "/x/")])
    odd = hall_page.Section("zoo", "动物")
    (life, zoo) = hall_page.together([odd, first, second])
    assert (life.title, [line.value for line in life.lines], len(life.links), zoo.name) == (
        "状态",
        [1, 2],
        1,
        "zoo",
    )


def test_a_hall_that_failed_can_be_migrated_from_its_page(owner, portal_client, east):  # noqa: F811
    run(owner, "UPDATE tenants_shared_hall SET quarantined_at = now() WHERE schema_name = 'east'")
    HallMigration.objects.using("owner").create(
        hall=east,
        after="x",
        steps=["a.1"],
        outcome="failed",
        error="column exists",
        seconds=1,
        started_at=timezone.now(),
    )
    client = portal_client("city_admin")
    page = client.get("/city/halls/east/").content.decode()
    assert "没更新成，已停用" in page
    assert "再更新一次" in page
    # the inspector sees it and may not ask
    assert "再更新一次" not in portal_client("inspector").get("/city/halls/east/").content.decode()
    answer = client.post("/city/halls/east/migrate/")
    job = HallJob.objects.using("owner").get()
    assert (answer["Location"], job.kind, job.key, job.hall_id) == (
        f"/city/jobs/{job.pk}/",
        "migrate",
        "east",
        east.pk,
    )
    # asked twice is asked once
    assert client.post("/city/halls/east/migrate/")["Location"] == answer["Location"]
    assert HallJob.objects.using("owner").count() == 1
    assert "column exists" in client.get("/city/halls/east/migrations/").content.decode()


def test_what_runs_found_is_shown_by_hall_and_asked_for_anew(checked, portal_client):
    client = portal_client("city_admin")
    page = client.get("/city/checks/")
    assert [row["row"].code for row in page.context["findings"]] == ["policy", "sequence", "file-unowned"]
    assert "全市共用的" in page.content.decode()
    narrowed = client.get("/city/checks/?hall=east&severity=warning")
    assert [row["row"].code for row in narrowed.context["findings"]] == ["file-unowned"]
    assert client.get("/city/checks/?run=99999999999999999999").status_code == 200
    answer = client.post("/city/checks/now/")
    job = HallJob.objects.using("owner").get()
    assert (answer["Location"], job.key, job.about) == (f"/city/jobs/{job.pk}/", "*", "所有大厅")
    assert "现在查一遍" not in client.get("/city/checks/").content.decode()


def test_before_the_first_run_nobody_knows(owner, portal_client):  # noqa: F811
    assert "还没有查过" in portal_client("city_admin").get("/city/checks/").content.decode()
    with scope.city():
        assert {hall.health for hall in health.with_health(Hall.objects.all(), None)} == {"unknown"}
