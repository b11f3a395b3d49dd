"""Whether a request to a hall goes on, by the hall's state: who sees the hall at all, and what still works there.

One place for pages and API (`tenants.hall.middleware.LifeMiddleware` asks it). The state is that of the schema's identity row,
read in the transaction of the request: a state that changes waits for the transactions before it (`changing.alone`).
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.actor import Actor
from tenants.shared.enums import HallState
from tenants.shared.life.transitions import Seen, Work, standing

# they write nothing that would be the hall's
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DESK_PATH = "/clerk/"


class NotEntered(Exception):
    """The hall is not (any more) open to whoever asks; the text says so, `code` and `status` are the API's."""

    def __init__(self, words: str, *, code: str, status: int) -> None:
        super().__init__(words)
        self.code, self.status = code, status


class DoesNotWork(Exception):
    """What was asked does not work in this state; the text says so, `works` what still does, `code` is the API's."""

    def __init__(self, words: str, *, works: str, code: str) -> None:
        super().__init__(words)
        self.works, self.code = works, code


def work_of(name: str, path: str, method: str) -> Work:
    """Return what a request to the route of this name is for."""
    asked = {name, f"{method} {name}"}
    for work, names in settings.HALL_ROUTES.items():
        if not asked.isdisjoint(names):
            return Work(work)
    return Work.DESK if path.startswith(DESK_PATH) else Work.NEW


def may_enter(state: str, actor: Actor, work: Work) -> None:
    """Raise NotEntered unless this person sees a hall in this state; its door is open to everybody while it stands."""
    seen_by = standing(state).seen_by
    if seen_by is Seen.NOBODY:
        raise NotEntered(_("这个大厅已经撤销"), code="gone", status=410)
    if seen_by is Seen.EVERYBODY or work is Work.DOOR or actor.is_staff_here:
        return
    if seen_by is Seen.INVITED and actor.is_authenticated and _is_invited(actor):
        return
    words = {
        HallState.PREPARING.value: _("这个大厅还在筹备，只有工作人员能看"),
        HallState.REHEARSAL.value: _("这个大厅在试运行，受邀的人才能看"),
    }
    raise NotEntered(words.get(state, ""), code="not_open", status=403)


def _is_invited(actor: Actor) -> bool:
    asked: tuple[Callable[..., bool], ...] = tuple(import_string(name) for name in settings.HALL_INVITED)
    return any(is_invited(actor.person_id) for is_invited in asked)


def may_do(
    state: str, actor: Actor, work: Work, method: str, *, staff_may_finish: bool = True, name: str = ""
) -> None:
    """Raise DoesNotWork when a request that writes is for something that does not work in this state."""
    if method in SAFE:
        return
    meant = standing(state)
    by_staff = actor.is_staff_here or name in settings.HALL_MACHINES
    allowed = meant.staff if by_staff else meant.citizens
    if state == HallState.FROZEN and by_staff and not staff_may_finish:
        allowed = allowed - {Work.DESK, Work.RUNNING}
    if work in allowed:
        return
    words = {
        HallState.FROZEN.value: _("本厅暂停，现在不能办这一步"),
        HallState.CLOSING.value: _("这个大厅正在关闭，不能办新的"),
        HallState.ARCHIVED.value: _("这个大厅已经归档，只能查看"),
    }
    raise DoesNotWork(words.get(state, ""), works=str(meant.works), code=state)
