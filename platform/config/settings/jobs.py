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
HALL_JOBS: dict[str, tuple[str, ...]] = {
    "state": ("tenants.shared.changing.CHECK", "tenants.shared.changing.CHANGE"),
    "rename": (
        "tenants.shared.renaming.CHECK",
        "tenants.shared.renaming.RESERVE",
        "tenants.shared.renaming.RENAME",
        "tenants.shared.renaming.READDRESS",
        "tenants.shared.renaming.SETTLE",
    ),
    "delete": (
        "tenants.shared.deleting.CHECK",
        "tenants.shared.deleting.SHUT",
        "tenants.shared.deleting.EXPORT",
        "tenants.shared.deleting.STOCK",
        "tenants.shared.deleting.PUBLIC",
        "tenants.shared.deleting.FILES",
        "tenants.shared.deleting.SCHEMA",
        "tenants.shared.deleting.ROLE",
        "tenants.shared.deleting.CERTIFY",
    ),
}
