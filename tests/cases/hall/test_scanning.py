"""A scanner beside the server: what it finds is refused, and a file that nobody looked at is not kept."""

import io
import socket
import struct
import threading

import pytest

from cases.hall import scanning
from cases.hall.files import FileRefused, inspect
from tests.data import samples

# the test file of the European Institute for Computer Antivirus Research, in two halves: a scanner here must not find it
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STAN" + b"DARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon(threading.Thread):
    """Speaks INSTREAM as clamd does: chunks with their length before them, an empty one at the end."""

    def __init__(self, answer=None):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.answer, self.seen = answer, b""

    def run(self):
        with self.server:
            line, _address = self.server.accept()
        with line, line.makefile("rb") as given:
            assert given.read(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", given.read(4))[0]:
                self.seen += given.read(size)
            found = b"stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in self.seen else b"stream: OK"
            line.sendall((found if self.answer is None else self.answer) + b"\0")


@pytest.fixture
def daemon(settings):
    running = []

    def start(answer=None):
        running.append(Daemon(answer))
        running[-1].start()
        settings.SCANNER = running[-1].address
        return running[-1]

    yield start
    for each in running:
        each.join(9)


def test_a_clean_file_is_taken_and_was_seen_whole(daemon):
    sent = samples.photo(900, 700, form="PNG")
    asked = daemon()
    assert inspect(io.BytesIO(sent), "a.png").kind == "png"
    asked.join(9)
    assert asked.seen == sent


def test_a_virus_is_refused_before_anything_is_decoded(daemon):
    daemon()
    with pytest.raises(FileRefused, match="病毒"):
        inspect(io.BytesIO(samples.photo() + EICAR), "a.jpg")


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR", b"", b"stream: what"])
def test_a_scanner_that_does_not_say_clean_refuses_for_now(answer, daemon):
    daemon(answer)
    with pytest.raises(FileRefused, match="过几分钟再传"):
        inspect(io.BytesIO(samples.photo()), "a.jpg")


def test_a_scanner_that_is_away_refuses_for_now(settings):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.SCANNER = f"127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(FileRefused, match="过几分钟再传"):
        inspect(io.BytesIO(samples.photo()), "a.jpg")


def test_a_socket_of_the_file_system_and_none_at_all(settings, tmp_path):
    settings.SCANNER = str(tmp_path / "clamd.sock")
    with pytest.raises(scanning.ScannerAway):
        scanning.is_clean(io.BytesIO(b"x"))
    settings.SCANNER = ""
    assert scanning.is_clean(io.BytesIO(b"x"))
