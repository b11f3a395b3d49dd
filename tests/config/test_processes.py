"""The demo's port is held by one, and its children end with it."""

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from config import processes

ASLEEP = "import time\nprint('up', flush=True)\ntime.sleep(60)\n"


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def close(listeners):
    for listener in listeners:
        listener.close()


def test_a_port_is_taken_before_anybody_listens(port):
    listeners = processes.take_port(port)
    try:
        assert {listener.getsockname()[1] for listener in listeners} == {port}
        with pytest.raises(processes.PortTaken, match=f"port {port} is taken"):
            processes.take_port(port)
    finally:
        close(listeners)


def test_a_port_that_another_program_serves_on_one_address_only_is_taken(port):
    with socket.create_server(("127.0.0.1", port)), pytest.raises(processes.PortTaken):
        processes.take_port(port)
    close(processes.take_port(port))


def test_a_port_that_is_given_back_in_time_is_taken(port):
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import socket; s = socket.create_server(('127.0.0.1', {port})); {ASLEEP}".replace("\n", ";"),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout.readline() == "up\n"
    os.kill(holder.pid, signal.SIGTERM)
    close(processes.take_port(port, patience=10))
    holder.communicate(timeout=10)


def test_a_child_ends_when_its_parent_is_killed(tmp_path):
    script = tmp_path / "asleep.py"
    script.write_text(ASLEEP)
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess, sys, time\n"
            f"child = subprocess.Popen([sys.executable, '-m', 'config.child', {str(script)!r}],"
            " stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)\n"
            "print(child.stdout.readline().strip(), child.pid, flush=True)\n"
            "time.sleep(60)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    said, child = parent.stdout.readline().split()
    assert said == "up"
    parent.kill()
    parent.communicate(timeout=10)
    deadline = time.monotonic() + 10
    while is_alive(int(child)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(int(child))


def is_alive(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_the_web_server_does_not_get_the_owners_login(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner")
    logins = {name: name.lower() for name in (*processes.WEB_LOGINS, *processes.OWNER_LOGINS)}
    environment = processes._web_environment(logins)
    assert not set(processes.OWNER_LOGINS) & set(environment)
    assert {name: environment[name] for name in processes.WEB_LOGINS} == {
        "WEB_DATABASE_URL": "web_database_url",
        "GATE_DATABASE_URL": "gate_database_url",
    }
