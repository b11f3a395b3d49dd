"""`make demo` says what is wrong before it does anything, and `make demo-reset` deletes only what is the demo's."""

import os
import socket
import subprocess
import sys

import psutil
import pytest

from config.processes import ROOT

BARE = {name: value for name, value in os.environ.items() if not name.endswith("DATABASE_URL")}


def demo(var, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "config.demo", *arguments],
        cwd=ROOT,
        env={**BARE, "VAR": str(var), "DEMO_CITY": "fixtures", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_one_line_and_nothing_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = demo(tmp_path / "var", PORT=str(port))
    assert done.returncode == 1
    assert done.stderr == f"port {port} is taken: choose another, as in `make demo PORT={port + 1}`\n"
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "八千"])
def test_a_port_that_is_no_port_is_one_line(tmp_path, port):
    done = demo(tmp_path / "var", PORT=port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"PORT={port!r}: write a number")
    assert done.stderr.count("\n") == 1


def test_a_city_that_is_not_there_is_one_line(tmp_path):
    done = demo(tmp_path / "var", DEMO_CITY="fixtures/nowhere")
    assert done.returncode == 1
    assert "no city at" in done.stderr
    assert done.stderr.count("\n") == 1


def test_reset_leaves_a_folder_that_is_not_the_demos(tmp_path):
    (tmp_path / "letters").write_text("mine")
    assert demo(tmp_path, "reset").returncode == 0
    assert (tmp_path / "letters").read_text() == "mine"


def test_reset_deletes_the_data_and_stops_the_server(tmp_path):
    var = tmp_path / "var"
    code = "import sys; from pathlib import Path; from config.embedded import Server; Server(Path(sys.argv[1])).ensure_running()"
    subprocess.run([sys.executable, "-c", code, str(var)], check=True, timeout=60)
    postmaster = int((var / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    done = demo(var, "reset")
    assert (done.returncode, done.stderr) == (0, "")
    assert not var.exists()
    # a container's first process may be slow to take the dead out of the table
    assert not psutil.pid_exists(postmaster) or psutil.Process(postmaster).status() == psutil.STATUS_ZOMBIE


def test_reset_does_not_touch_a_database_of_the_environment(tmp_path):
    done = demo(tmp_path, "reset", DATABASE_URL="postgresql://somewhere/else")
    assert done.returncode == 1
    assert "is not deleted from here" in done.stderr
