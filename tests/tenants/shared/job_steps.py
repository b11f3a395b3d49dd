"""Steps that only take notes, for the tests of jobs; imported by the processes that these kill, too."""

from tenants.shared import jobs

NOTES: list[str] = []


def _note(name):
    def do(job):
        NOTES.append(name)
        return f"{name}做好了"

    return do


def _undo(name):
    return lambda job: NOTES.append(f"-{name}")


def _fussy(job):
    if not job.param("ready"):
        raise jobs.Refused("先做好准备")
    return ""


def _broken(job):
    raise RuntimeError("墙塌了")


FIRST = jobs.Step("first", "第一步", _note("first"), _undo("first"))
SECOND = jobs.Step("second", "第二步", _note("second"), _undo("second"))
FUSSY = jobs.Step("fussy", "挑剔的一步", _fussy)
BROKEN = jobs.Step("broken", "坏的一步", _broken)


def where(*names):
    return tuple(f"{__name__}.{name}" for name in names)
