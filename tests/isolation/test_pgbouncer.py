"""Eight threads of four halls share a pool of three connections under PgBouncer's transaction mode: none sees another."""

import contextlib
import os
import shutil
import subprocess
import threading
import time
from collections import Counter

import psycopg2
import pytest
from django.db import connections
from psycopg2.extensions import parse_dsn

from config import server_place
from tenants.hall.models import Office, Post
from tenants.shared import queries, scope, services
from tests.template import NOW, PERSON_ID, PORTAL

PORT = "6543"
SETTINGS = """
[databases]
pooled = host={host} dbname={database}
[pgbouncer]
unix_socket_dir = {folder}
listen_port = {port}
auth_type = plain
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 3
max_client_conn = 50
ignore_startup_parameters = extra_float_digits,options
logfile = {folder}/log
pidfile = {folder}/pid
{user}
"""


@pytest.fixture
def pooled(fresh_database, tmp_path_factory):
    """The web login through PgBouncer: `default` goes through a pool of three server connections."""
    folder = tmp_path_factory.mktemp("b")
    login = parse_dsn(fresh_database.url("web"))
    user = server_place.server_user()
    (folder / "users").write_text(f'"{login["user"]}" "{login["password"]}"\n')
    (folder / "ini").write_text(
        SETTINGS.format(
            host=login["host"],
            database=fresh_database.name,
            folder=folder,
            port=PORT,
            user=f"user = {user.pw_name}" if user else "",
        )
    )
    if user:
        for path in (folder, *folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
        for parent in list(folder.parents)[:3]:
            with contextlib.suppress(PermissionError):
                parent.chmod(parent.stat().st_mode | 0o011)
    program = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")
    with subprocess.Popen([program, "-q", str(folder / "ini")]) as process:
        try:
            for _ in range(100):
                with contextlib.suppress(psycopg2.OperationalError):
                    psycopg2.connect(
                        host=str(folder),
                        port=PORT,
                        dbname="pooled",
                        user=login["user"],
                        password=login["password"],
                    ).close()
                    break
                time.sleep(0.05)
            connections.close_all()
            settings = connections["default"].settings_dict
            before = dict(settings)
            settings.update(HOST=str(folder), PORT=PORT, NAME="pooled")
            yield
            connections.close_all()
            settings.update(before)
        finally:
            process.terminate()


@pytest.mark.needs("pgbouncer")
def test_a_pool_shared_by_halls_leaks_nothing(fresh_database, east, west, pooled):
    halls = [east, west]
    with fresh_database.alias("owner"):
        for number in (3, 4):
            facts = services.HallFacts(
                key=f"hall{number}", host=f"hall{number}.{PORTAL}", name=f"{number}", short_name=f"{number}", level="county",
                division_code="349900", case_prefix=f"34990{number}", document_prefix=f"{number}", department_prefix=f"{number}",
            )  # fmt: skip
            halls.append(services.open_hall(facts))
    for hall in halls:
        with scope.hall(hall):
            Office.objects.all().delete()
            Office.objects.create(address=hall.schema_name)
    seen, wrong, backends = Counter(), [], set()

    def work(hall):
        try:
            for turn in range(40):
                with (
                    contextlib.suppress(RuntimeError),
                    scope.hall(hall),
                    connections["default"].cursor() as cursor,
                ):
                    cursor.execute("SELECT current_user, pg_backend_pid()")
                    role, backend = cursor.fetchone()
                    address = Office.objects.get().address
                    backends.add(backend)
                    seen[address] += 1
                    if (role, address) != (hall.role, hall.schema_name):
                        wrong.append((hall.schema_name, role, address))
                    if turn % 7 == 0:
                        Post.objects.create(
                            person=PERSON_ID["lin"],
                            name="x",
                            username=hall.schema_name,
                            role="window",
                            created_at=NOW,
                        )
                        raise RuntimeError("rolled back: the next user of the connection must find nothing")
        except Exception as problem:
            wrong.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[hall]) for hall in halls * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert seen == {hall.schema_name: 80 for hall in halls}
    assert len(backends) <= 3
    for hall in halls:
        with scope.hall(hall):
            assert not Post.objects.filter(username=hall.schema_name).exists()
    queries.forget()
