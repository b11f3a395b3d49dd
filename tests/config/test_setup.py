"""Set-up on a server that is not our own: by an owner who is no superuser, twice, and with clear refusals."""

import json
import os
import subprocess
import sys

import psycopg2
import pytest
from psycopg2.extensions import make_dsn, parse_dsn

from config import setup
from tests.plugins import database

NAME = f"setup_{database.WORKER}"


@pytest.fixture
def server_of_others(tmp_path):
    """A database on the test's server whose owner may make roles and is no superuser; removed afterwards."""
    database.execute(
        f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)",
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{NAME}') THEN CREATE ROLE {NAME} LOGIN; END IF; END $$",
        f"ALTER ROLE {NAME} LOGIN CREATEROLE NOSUPERUSER PASSWORD 'secret'",
        f"CREATE DATABASE {NAME} OWNER {NAME}",
    )
    yield make_dsn(os.environ[database.OWNER], dbname=NAME, user=NAME, password="secret")
    database.drop(NAME)


def run(url, tmp_path, *command):
    env = {key: value for key, value in os.environ.items() if not key.endswith("DATABASE_URL")}
    env |= {
        "DATABASE_URL": url,
        "VAR": str(tmp_path),
        "ROLE_PREFIX": NAME,
        "PYTHONPATH": "platform:.",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.run(
        [sys.executable, *(command or ["-m", "config.setup"])],
        cwd=database.ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def roles():
    connection = psycopg2.connect(os.environ[database.OWNER])
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcanlogin FROM pg_roles WHERE rolname NOT LIKE 'setup%%'",
            [],
        )
        found = set(cursor.fetchall())
    connection.close()
    return found


def test_an_owner_without_superuser_is_enough_and_nothing_else_is_touched(server_of_others, tmp_path):
    before = roles()
    done = run(server_of_others, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [line.split("=")[0] for line in done.stdout.splitlines()] == list(setup.URLS.values())
    web = done.stdout.splitlines()[0].split("=", 1)[1]
    with (
        psycopg2.connect(web) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute("SELECT * FROM public.tenants_shared_hall")
    connection.close()
    # other workers may have made roles of theirs meanwhile: what was there is as it was
    assert before <= roles()


def test_a_second_run_keeps_logins_and_passwords(server_of_others, tmp_path):
    first, second = run(server_of_others, tmp_path), run(server_of_others, tmp_path)
    assert second.returncode == 0, second.stderr
    assert first.stdout == second.stdout
    written = tmp_path / "environment.json"
    assert written.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(written.read_text())) == set(setup.URLS.values())


def test_a_hall_opens_on_such_a_server(server_of_others, tmp_path):
    assert run(server_of_others, tmp_path).returncode == 0
    script = (
        "import django; django.setup()\n"
        "from tenants.shared import services, scope\n"
        "h = services.open_hall(services.HallFacts(key='north', host='north.x', name='n', short_name='n', level='county',"
        " division_code='1', case_prefix='1', document_prefix='n', department_prefix='n'))\n"
        "with scope.hall(h) as s: print(s.schema, s.state)"
    )
    done = run(server_of_others, tmp_path, "-c", script)
    assert done.stdout == "north open\n", done.stderr


def test_an_owner_who_may_make_no_roles_is_told_so(server_of_others, tmp_path):
    database.execute(f"ALTER ROLE {NAME} NOCREATEROLE")
    with pytest.raises(setup.CannotPrepare, match="may not create roles: ALTER ROLE … CREATEROLE"):
        setup.check_server(server_of_others)
    done = run(server_of_others, tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_an_owner_who_may_make_no_schemas_is_told_so(server_of_others):
    database.execute(f"ALTER DATABASE {NAME} OWNER TO owner")
    with pytest.raises(setup.CannotPrepare, match="may not create schemas: GRANT CREATE ON DATABASE"):
        setup.check_server(server_of_others)


def test_an_old_server_is_refused(server_of_others, monkeypatch):
    monkeypatch.setattr(setup, "MINIMUM_VERSION", 990000)
    with pytest.raises(setup.CannotPrepare, match=r"is PostgreSQL \d+: 15 or newer is needed"):
        setup.check_server(server_of_others)


@pytest.mark.parametrize("change", [{"host": "/nowhere"}, {"password": "wrong"}, {"dbname": "none"}])
def test_a_server_that_does_not_answer_is_one_clear_line(server_of_others, change):
    with pytest.raises(setup.CannotPrepare, match=r"DATABASE_URL cannot be reached: .*\. Check host") as told:
        setup.check_server(make_dsn(server_of_others, **change))
    assert "\n" not in str(told.value)


def test_no_database_at_all_is_told(tmp_path):
    done = run("", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL is empty")


def test_a_login_url_keeps_server_database_and_options():
    url = setup.login_url("postgresql://o:p@h:5433/d?sslmode=disable", "web", "a/b")
    assert parse_dsn(url) == {
        "user": "web",
        "password": "a/b",
        "host": "h",
        "port": "5433",
        "dbname": "d",
        "sslmode": "disable",
    }


@pytest.mark.parametrize("prefix", ["Upper", "1st", "a-b", 'a"b', "x" * 33])
def test_a_bad_prefix_is_refused_before_any_role_is_made(monkeypatch, prefix):
    monkeypatch.setenv("ROLE_PREFIX", prefix)
    with pytest.raises(setup.CannotPrepare, match="ROLE_PREFIX="):
        setup.new_prefix()
