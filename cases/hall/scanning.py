"""A virus scanner beside the server, where the setting SCANNER names one: ClamAV's daemon and its INSTREAM command.

`SCANNER` is `host:port` or the path of a socket. Without it nothing is scanned: DESIGN rule 12 asks for it where one is
configured. A scanner that does not answer refuses the file: it is better sent again than kept unlooked at.
"""

import os
import socket
import struct
from typing import IO

from django.conf import settings

SECONDS = 20
_CHUNK = 64 * 1024
_MOST_ANSWERED = 4096


class ScannerAway(Exception):
    """The scanner does not answer, or not what it should."""


def is_clean(stream: IO[bytes]) -> bool:
    """Whether the scanner finds nothing in the stream, which is read from its start; True where none is set.

    Raises ScannerAway.
    """
    if not settings.SCANNER:
        return True
    stream.seek(0)
    try:
        with _connected(settings.SCANNER) as line:
            line.sendall(b"zINSTREAM\0")
            while chunk := stream.read(_CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            said = _answer(line)
    except OSError as problem:
        raise ScannerAway(str(problem)) from problem
    if said == "stream: OK":
        return True
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return False
    # among them: "INSTREAM size limit exceeded. ERROR"
    raise ScannerAway(said)


def _connected(address: str) -> socket.socket:
    if address.startswith(os.sep):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), SECONDS)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _MOST_ANSWERED:
        part = line.recv(1024)
        if not part:
            break
        said += part
    return said.rstrip(b"\0").decode(errors="replace").strip()
