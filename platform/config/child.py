"""Run a module or a script as a child of the demo, and end when the demo ends, however it ended.

`python -m config.child gunicorn …` or `python -m config.child manage.py worker`. Standard input is a pipe that the
demo holds open: the kernel closes it even after kill -9, and then this process asks itself to stop.
"""

import os
import runpy
import signal
import sys
import threading


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Become the program that the arguments name."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.argv = sys.argv[1:]
    program = sys.argv[0]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
