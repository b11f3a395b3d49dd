"""Each harm is found in the hall it is done to, in parts that a program reads, and keeps no other hall from being checked."""

import json
import os
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actor import NOBODY
from tenants.shared import jobs, migrating, roles, services, structure
from tenants.shared.checks import gathering, granted, runs, schemas
from tenants.shared.checks.findings import DATA, KINDS
from tenants.shared.models import HallCheck, HallFinding, HallJob, HallJobStep
from tests.tenants.shared.test_commands import FACTS, owner, run, said  # noqa: F401 -- a fixture

HARMS = [
    ("GRANT DELETE ON east.cases_hall_event TO {east}", "east", "rights", "DELETE on cases_hall_event to {east}"),
    ("GRANT SELECT (id) ON east.cases_hall_event TO {portal}", "east", "rights", "SELECT on cases_hall_event.id to {portal}"),
    ("REVOKE INSERT ON east.cases_hall_case FROM {east}", "east", "rights", "lacks INSERT on cases_hall_case to {east}"),
    ("GRANT SELECT ON east.audit_seal TO PUBLIC", "east", "rights", "SELECT on audit_seal to PUBLIC"),
    ("GRANT UPDATE ON public.cases_shared_outage TO {portal}", "", "rights", "UPDATE on cases_shared_outage to {portal}"),
    ("DROP POLICY own_rows ON public.catalog_shared_offer", "", "policy", "policy own_rows is missing"),
    ("CREATE POLICY loose ON public.catalog_shared_offer USING (true)", "", "policy", "policy loose is not what the code makes"),
    ("ALTER POLICY asked ON public.tenants_shared_halljob WITH CHECK (true)", "", "policy", "policy asked is not what"),
    ("CREATE POLICY own ON east.cases_hall_case USING (true)", "east", "structure", "policy cases_hall_case.own is one too many"),
    ("CREATE FUNCTION east.more() RETURNS int LANGUAGE sql AS 'SELECT 1'", "east", "structure", "function more() is one too many"),
    ("CREATE VIEW east.more AS SELECT 1 AS one", "east", "structure", "view more is one too many"),
    (
        "CREATE FUNCTION east.act() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER acts BEFORE INSERT ON east.cases_hall_case FOR EACH ROW EXECUTE FUNCTION east.act()",
        "east", "structure", "trigger cases_hall_case.acts is one too many",
    ),
    ("ALTER TABLE hall_template.tenants_hall_department ADD extra int", "", "models", "tenants_hall_department.extra is integer or null, the model says missing"),
    ("ALTER TABLE public.tenants_shared_city ALTER name DROP NOT NULL", "", "models", "tenants_shared_city.name is character varying(40) or null"),
    ("SELECT setval('east.tenants_hall_department_id_seq', 1)", "east", "sequence", "tenants_hall_department_id_seq stands at 1"),
    ("INSERT INTO east.catalog_hall_adoption VALUES ('34999900000000', now())", "east", "code-unknown", "adoption of 34999900000000"),
    ("DELETE FROM east.tenants_hall_identity", "east", "identity", "it says nobody's"),
    ("DROP TABLE east.tenants_hall_identity", "east", "structure", "table tenants_hall_identity is missing"),
    ("UPDATE tenants_shared_hall SET quarantined_at = now() WHERE schema_name = 'east'", "east", "quarantined", "its migration failed"),
    ("ALTER TABLE public.cases_shared_outage OWNER TO {city}", "", "owner", "cases_shared_outage is owned by"),
]  # fmt: skip


def found(*keys):
    return [(finding.hall, finding.code, finding.words) for finding in gathering.findings(keys)]


@pytest.mark.parametrize(("harm", "hall", "code", "words"), HARMS)
def test_each_harm_is_found_where_it_is_done(owner, east, west, harm, hall, code, words):  # noqa: F811
    names = migrating.names()
    roles_here = {"east": east.role, "portal": names.of("portal"), "city": names.of("city")}
    run(owner, harm.format(**roles_here))
    # whatever is wrong in east, west is checked to the end
    run(owner, "INSERT INTO west.catalog_hall_adoption VALUES ('34999900000001', now())")
    there = found()
    assert any(
        (key, kind) == (hall, code) and words.format(**roles_here) in text for key, kind, text in there
    ), there
    assert ("west", "code-unknown", "adoption of 34999900000001, which the city's catalogue has not") in there
    assert {key for key, *_ in there} <= {hall, "west", "east"}


@pytest.mark.parametrize("number", range(8))
def test_what_was_granted_or_taken_by_hand_is_put_right(owner, east, number):  # noqa: F811
    names = migrating.names()
    run(owner, HARMS[number][0].format(east=east.role, portal=names.of("portal"), city=names.of("city")))
    migrating.run(every_hall=True)
    assert found() == []


def test_a_lost_schema_keeps_nobody_from_the_next(owner):  # noqa: F811
    run(owner, "DROP SCHEMA east CASCADE")
    run(owner, "SELECT setval('west.tenants_hall_department_id_seq', 1)")
    assert [(hall, code) for hall, code, _ in found() if hall] == [
        ("east", "schema-lost"),
        ("west", "sequence"),
    ]


def test_a_check_that_breaks_is_a_finding_and_the_others_are_done(owner, monkeypatch):  # noqa: F811
    def broken(hall):
        raise ZeroDivisionError(hall.key)

    def fine(hall):
        yield "it was looked at"

    monkeypatch.setattr(
        gathering.declared, "functions", lambda kind: [broken, fine] if kind == "hall_checks" else []
    )
    assert [(hall, code) for hall, code, _ in found("east")] == [("east", "unreadable"), ("east", "fine")]


def test_members_of_a_halls_role_are_found(owner, east):  # noqa: F811
    names = migrating.names()
    try:
        roles.run("GRANT {} TO {}", east.role, names.of("portal"))
        roles.run("GRANT {} TO {}", names.of("city"), east.role)
        there = [words for _, code, words in found("east") if code == "role-rights"]
        assert [words.split()[1] for words in there] == [names.of("portal"), "role"]
    finally:
        # the whole server's
        roles.run("REVOKE {} FROM {}", east.role, names.of("portal"))
        roles.run("REVOKE {} FROM {}", names.of("city"), east.role)


def test_a_role_that_another_database_has_is_nobodys_business_until_it_has_rights_here(owner, east):  # noqa: F811
    role = f"{migrating.names().prefix}_h{int(time.time())}"
    roles.run("CREATE ROLE {} NOLOGIN", role)
    try:
        assert found() == []
        roles.run("GRANT SELECT ON public.tenants_shared_city TO {}", role)
        codes = {code for _, code, words in found() if role in words}
        assert codes == {"role-orphan", "rights"}
    finally:
        roles.run("DROP OWNED BY {}", role)
        roles.run("DROP ROLE {}", role)


def test_folders_and_files_of_nobody_are_found_once_they_are_old(owner, east, settings, tmp_path):  # noqa: F811
    settings.STORAGES = {
        **settings.STORAGES,
        "cases": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    storage, prefix = storages["cases"], migrating.names().prefix
    storage.save(f"{east.role}/2026/lost", ContentFile(b"x"))
    storage.save("vault/2026/kept", ContentFile(b"x"))
    assert found() == []
    old = time.time() - 2 * 24 * 3600
    os.utime(tmp_path / east.role / "2026" / "lost", (old, old))
    storage.save(f"{prefix}_h987654321/2026/one", ContentFile(b"x"))
    assert [(hall, code) for hall, code, _ in found()] == [("", "folder-orphan"), ("east", "file-unowned")]


def test_jobs_that_stand_still_and_jobs_of_no_hall_are_found(owner):  # noqa: F811
    now = timezone.now()
    jobs.ask("migrate", key="east", by=NOBODY, now=now - timedelta(hours=2), using="owner")
    jobs.ask("migrate", key="gone", by=NOBODY, now=now, using="owner")
    moving = jobs.ask("check", key="west", by=NOBODY, now=now - timedelta(hours=2), using="owner")
    HallJobStep.objects.using("owner").create(
        job=moving, name="check", position=1, state="running", started_at=now
    )
    assert [(hall, code) for hall, code, _ in found()] == [("east", "job-stuck"), ("", "job-orphan")]


def test_programs_read_what_is_wrong(owner, capsys):  # noqa: F811
    run(owner, "ALTER SCHEMA east RENAME TO lost")
    with pytest.raises(CommandError, match="2 findings"):
        call_command("check_halls", "--json")
    told = json.loads(capsys.readouterr().out)
    assert [(row["hall"], row["code"], row["severity"]) for row in told] == [
        ("", "schema-orphan", "error"),
        ("east", "schema-lost", "error"),
    ]
    assert told[1] == {
        "hall": "east",
        "code": "schema-lost",
        "severity": "error",
        "words": "its schema is lost",
        "remedy": "restore it from a backup",
    }
    assert said(capsys, "check_halls", "west") == "1 halls: nothing wrong\n"
    assert json.loads(said(capsys, "check_halls", "west", "--json")) == []


def test_a_hall_that_is_not_known_is_refused(owner):  # noqa: F811
    with pytest.raises(CommandError, match=r"no such hall: South, north; `manage.py halls` lists them"):
        call_command("check_halls", "east", "north", "South")


def test_schemas_of_many_halls_cost_as_many_queries_as_of_one(owner):  # noqa: F811
    services.open_hall(FACTS)
    halls = services.all_halls()
    asked = []
    for these in (halls[:1], halls):
        wanted = schemas.Wanted()
        with CaptureQueriesContext(owner) as queries:
            assert list(schemas.of_halls(these, wanted)) == []
        asked.append([query["sql"] for query in queries])
    # two for each hall's own record of migrations
    assert len(asked[1]) - len(asked[0]) == 2 * (len(halls) - 1)


def test_the_digest_of_rights_is_the_databases(owner, east):  # noqa: F811
    wanted = granted.of_hall(migrating.names(), granted.relations("east"), east.role)
    assert granted.found("east") == wanted
    neutral = granted.of_hall(migrating.names(), granted.relations("east"))
    assert granted.digests(["east"])["east"] == granted.digest(neutral)


def test_digests_tell_schemas_apart_that_are_not_equal(owner):  # noqa: F811
    one, other = structure.digests(["east", "west"]).values()
    assert one == other
    run(owner, "ALTER TABLE east.cases_hall_case ALTER state SET DEFAULT 'else'")
    one, other = structure.digests(["east", "west"]).values()
    assert one != other


@pytest.mark.parametrize(
    ("last", "at", "is_due"),
    [
        (None, "2026-03-03 12:00", True),
        ("2026-03-02 03:10", "2026-03-03 02:59", False),
        ("2026-03-02 03:10", "2026-03-03 03:00", True),
        # a night that was missed: at the next chance
        ("2026-03-01 03:10", "2026-03-02 23:00", True),
        ("2026-03-03 03:00", "2026-03-03 23:00", False),
    ],
)
def test_the_nights_run_is_due_once_a_night(owner, settings, last, at, is_due):  # noqa: F811
    settings.CHECK_HOUR = 3
    here = timezone.get_default_timezone()
    if last:
        HallCheck.objects.using("owner").create(started_at=datetime.fromisoformat(last).replace(tzinfo=here))
    now = datetime.fromisoformat(at).replace(tzinfo=here).astimezone(UTC)
    runs.ask_nightly(now)
    runs.ask_nightly(now)
    assert HallJob.objects.using("owner").filter(kind="check").count() == is_due


def test_the_nights_run_is_kept_and_one_that_failed_is_tried_again(owner, monkeypatch):  # noqa: F811
    now = timezone.now()
    with monkeypatch.context() as breaking:
        breaking.setattr(gathering, "findings", lambda **_: 1 / 0)
        runs.ask_nightly(now)
        jobs.round_of_jobs()
    job = HallJob.objects.using("owner").get()
    assert job.state == "failed"
    # it has begun: the next night's turn
    runs.ask_nightly(now)
    jobs.round_of_jobs()
    assert HallJob.objects.using("owner").get().state == "failed"
    run(owner, "SELECT setval('east.tenants_hall_department_id_seq', 1)")
    runs.ask_nightly(now + timedelta(days=1))
    jobs.round_of_jobs()
    assert HallJob.objects.using("owner").get().state == "done"
    kept = HallCheck.objects.using("owner").latest("pk")
    assert (kept.halls, kept.errors, kept.warnings, kept.by_name) == (2, 1, 0, "")
    assert list(HallFinding.objects.using("owner").values_list("key", "code", "severity")) == [
        ("east", "sequence", "error")
    ]


def test_one_hall_is_migrated_by_a_job_and_told_why_it_could_not(owner, east):  # noqa: F811
    run(owner, "DROP VIEW east.catalog_hall_review")
    run(owner, "UPDATE tenants_shared_hall SET quarantined_at = now() WHERE schema_name = 'east'")
    job = jobs.at_once("migrate", key="east", hall=east, now=timezone.now())
    assert (job.state, found()) == ("done", [])
    run(owner, "DROP SCHEMA east CASCADE")
    job = jobs.at_once("migrate", key="east", hall=east, now=timezone.now())
    assert job.state == "failed"
    assert "没更新成" in job.error


def test_every_kind_has_its_words():
    for kind in [DATA, *KINDS.values()]:
        assert str(kind.title)
        assert not str(kind.remedy).endswith("。")
