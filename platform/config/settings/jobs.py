"""What the operator does to halls with the owner's login, kind by kind: the steps of each, in their order.

A step is a `tenants.shared.jobs.Step`; the apps contribute them, and the order stands here alone.
"""

from config.settings.environment import read_for

HALL_JOBS: dict[str, tuple[str, ...]] = {
    "migrate": ("tenants.shared.checking.MIGRATE",),
    "check": ("tenants.shared.checking.CHECK",),
}
# the local hour after which all halls are checked each night
CHECK_HOUR: int = read_for()["CHECK_HOUR"]
