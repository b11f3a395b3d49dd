"""As whom the embedded PostgreSQL runs, and where its socket stands.

PostgreSQL refuses to run as root. For root it runs as the system user `embedded_postgres`, which owns the data folder
alone; no folder of the machine is opened for it. Where that user cannot walk to the data or the programs (a clone
under /root, or in another 0700 folder), the server process gets the one capability CAP_DAC_OVERRIDE on its way
instead: it may then read what root may, which is no more than a server run by root could, and nothing is left behind
on the machine.

The socket stands in a 0700 folder of the server's user. Its short name comes from the data folder's path, for a
socket's path holds 107 bytes and a clone's may be longer.
"""

import contextlib
import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
from pathlib import Path

SYSTEM_USER = "embedded_postgres"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 103  # bytes; Linux takes 107, macOS 103


class EmbeddedError(Exception):
    """The server could not be made, started or stopped; the text is one line and says what to look at."""


def server_user() -> pwd.struct_passwd | None:
    """Return the user that the server runs as when we are root (made at the first need), else None.

    Raises EmbeddedError when there is none and none can be made.
    """
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    with contextlib.suppress(OSError):  # no such program: the user `nobody` will do
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            capture_output=True,
            check=False,
        )
    for name in (SYSTEM_USER, "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise EmbeddedError(
        f"PostgreSQL does not run as root: make a user {SYSTEM_USER}, or start this as another user"
    )


def as_server_user(*paths: Path) -> list[str]:
    """Return what stands before a server command that uses these paths: nothing, or for root the way to its user."""
    user = server_user()
    if user is None:
        return _under_a_name()
    prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if not all(_others_may_reach(path) for path in paths):
        prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return prefix


def _under_a_name() -> list[str]:
    """Return what lets initdb, which asks for its user's name, run as a number without one (containers do this)."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        nobody = pwd.getpwnam("nobody")
        return ["unshare", "--user", f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}"]
    return []


def socket_folder(data: Path) -> Path:
    """Make (or take again) the 0700 folder of the socket, under the first parent that is short and writable.

    Raises EmbeddedError when there is none.
    """
    user = server_user()
    owner = os.geteuid() if user is None else user.pw_uid
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    # root's own runtime folder is closed to the server's user
    runtime = os.environ.get("XDG_RUNTIME_DIR", "") if user is None else ""
    for parent in (runtime, tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 -- checked by _is_ours
        folder = Path(parent) / f"halls-{owner}-{digest}"
        if not folder.is_absolute() or len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
            continue
        with contextlib.suppress(OSError):
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                if user is not None:
                    os.chown(folder, user.pw_uid, user.pw_gid)
            if _is_ours(folder, owner):
                return folder
    raise EmbeddedError(
        "no folder for the database's socket: set TMPDIR to a short path that you may write to"
    )


def _is_ours(folder: Path, owner: int) -> bool:
    # in a folder that all may write to, somebody else may have made this name, or a link of it
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700


def _others_may_reach(path: Path) -> bool:
    """Tell whether a stranger may walk to this path, and run it when it is a file."""
    walks = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)
    return walks and (not path.is_file() or path.stat().st_mode & 0o005 == 0o005)
