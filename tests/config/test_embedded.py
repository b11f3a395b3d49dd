"""The demo's own server: started once, shared, closed to others, and recovered after anything was killed."""

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import psycopg2
import pytest

from config.embedded import Server
from config.server_place import EmbeddedError, socket_folder

USE = "import sys; from pathlib import Path; from config.embedded import Server; server = Server(Path(sys.argv[1]))\n"


def run_beside(folder, code):
    """Start another Python process that has `server`, and talk to it through pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", USE + code, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask(url, sql):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone() if cursor.description else None
    finally:
        connection.close()


@pytest.fixture
def server(tmp_path):
    server = Server(tmp_path / "var")
    yield server
    server.stop()


@pytest.fixture
def running(server):
    url = server.ensure_running()
    ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    return url


def postmaster_pid(server):
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def test_a_long_path_with_spaces_and_marks_works(tmp_path):
    folder = tmp_path / ('a clone\'s "$HOME" folder ' * 4) / "市 var"
    server = Server(folder)
    try:
        assert len(os.fsencode(folder)) > 107
        assert ask(server.ensure_running(), "SELECT 1") == (1,)
    finally:
        server.stop()


def test_trigrams_see_chinese_and_sorting_is_by_code_point(running):
    ask(running, "CREATE EXTENSION pg_trgm")
    assert len(ask(running, "SELECT show_trgm('公安局')")[0]) == 4
    assert ask(running, "SELECT 'B' < 'a', lower('É')") == (True, "é")


def test_nobody_else_gets_in(server, running):
    socket_place = Path(ask(running, "SHOW unix_socket_directories")[0])
    assert ask(running, "SHOW listen_addresses") == ("",)
    assert ask(running, "SHOW fsync") == ("on",)
    assert stat.S_IMODE(socket_place.stat().st_mode) == 0o700
    assert stat.S_IMODE((socket_place / ".s.PGSQL.5432").stat().st_mode) == 0o700
    assert stat.S_IMODE((server.folder / "owner_password").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    password = (server.folder / "owner_password").read_text()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        ask(running.replace(password, "wrong"), "SELECT 1")


def test_no_folder_above_is_opened(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = [parent.stat().st_mode for parent in (closed, *closed.parents)]
    server = Server(closed / "var")
    try:
        assert ask(server.ensure_running(), "SELECT 1") == (1,)
    finally:
        server.stop()
    assert [parent.stat().st_mode for parent in (closed, *closed.parents)] == before


def test_processes_that_start_it_at_once_share_one_server(server):
    code = "server.ensure_running(); print((server.data / 'postmaster.pid').read_text().splitlines()[0])"
    starters = [run_beside(server.folder, code) for _ in range(3)]
    said = [starter.communicate(timeout=60)[0].strip() for starter in starters]
    assert set(said) == {str(postmaster_pid(server))}
    assert server.is_running()


def test_rows_survive_the_killing_of_the_server(server, running):
    os.kill(postmaster_pid(server), signal.SIGKILL)
    assert ask(server.ensure_running(), "SELECT number FROM kept") == (7,)


def test_a_pid_file_that_names_another_program_is_put_aside(server, running):
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    killed = psutil.Process(int(lines[0]))
    killed.kill()
    killed.wait(10)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not server.is_running()
    assert ask(server.ensure_running(), "SELECT number FROM kept") == (7,)


def test_memory_that_a_killed_server_still_holds_is_waited_for(server, running):
    with psycopg2.connect(running) as connection:
        slow = psutil.Process(connection.info.backend_pid)
        slow.suspend()
        killed = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
        killed.kill()
        killed.wait(10)
        timer = threading.Timer(1.0, slow.kill)
        timer.start()
        assert ask(server.ensure_running(), "SELECT number FROM kept") == (7,)
        timer.join()


def test_a_killed_making_of_the_database_leaves_nothing_in_the_way(server):
    half = server.folder / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert ask(server.ensure_running(), "SELECT current_database()") == ("halls",)
    assert not half.exists()


def test_the_last_one_to_leave_stops_it(server):
    code = "with server.joined():\n  print('in', flush=True)\n  sys.stdin.read()\n"
    with server.joined() as url:
        other = run_beside(server.folder, code)
        assert other.stdout.readline() == "in\n"
    assert ask(url, "SELECT 1") == (1,)
    other.communicate(timeout=60)
    assert not server.is_running()


def test_a_server_left_by_a_killed_process_is_joined_and_then_stopped(server):
    code = "with server.joined():\n  print('in', flush=True)\n  sys.stdin.read()\n"
    killed = run_beside(server.folder, code)
    assert killed.stdout.readline() == "in\n"
    killed.kill()
    killed.communicate(timeout=60)
    left = postmaster_pid(server)
    assert server.is_running()
    with server.joined():
        assert postmaster_pid(server) == left
    assert not server.is_running()


def test_a_stopped_server_leaves_no_socket_folder(server, running):
    place = Path(ask(running, "SHOW unix_socket_directories")[0])
    assert place.exists()
    server.stop()
    assert not place.exists()
    assert not server.is_running()


def test_the_folder_of_somebody_else_is_not_used_for_the_socket(tmp_path, monkeypatch):
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    first = socket_folder(tmp_path)
    first.rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    first.symlink_to(elsewhere)
    try:
        second = socket_folder(tmp_path)
        second.rmdir()
    finally:
        first.unlink()
    assert second != first


def test_a_server_that_cannot_start_says_why_in_one_line(server, running):
    server.stop()
    with (server.data / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = 'nonsense'\n")
    began = time.monotonic()
    with pytest.raises(EmbeddedError, match="did not start") as failure:
        server.ensure_running()
    assert "\n" not in str(failure.value)
    assert time.monotonic() - began < 10
