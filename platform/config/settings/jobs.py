"""What the operator does to halls with the owner's login, kind by kind: the steps of each, in their order.

A step is a `tenants.shared.jobs.Step`; the apps contribute them, and the order stands here alone.
"""

from config.settings.environment import read_for

HALL_JOBS: dict[str, tuple[str, ...]] = {
    "onboard": (
        "tenants.shared.life.onboarding.RESERVE",
        "tenants.shared.life.onboarding.OPEN",
        "catalog.hall.onboarding.ADOPT",
        "tenants.hall.onboarding.FURNISH",
        "tenants.hall.onboarding.DESCRIBE",
        "cases.hall.onboarding.TEXTS",
        "theming.onboarding.LOOK",
        "tenants.hall.onboarding.INVITE",
        "tenants.shared.life.onboarding.CHECK",
    ),
    "go_live": (
        "tenants.shared.life.golive.RECHECK",
        "tenants.shared.life.golive.OPEN",
        "tenants.shared.life.golive.TAKE_OVER",
        "tenants.hall.golive.FORGET_GUESTS",
    ),
    "state": ("tenants.shared.life.changing.CHECK", "tenants.shared.life.changing.CHANGE"),
    "rename": (
        "tenants.shared.life.renaming.CHECK",
        "tenants.shared.life.renaming.RESERVE",
        "tenants.shared.life.renaming.RENAME",
        "tenants.shared.life.renaming.READDRESS",
        "tenants.shared.life.renaming.SETTLE",
    ),
    "release": ("tenants.shared.life.releasing.RELEASE",),
    "delete": (
        "tenants.shared.life.deleting.CHECK",
        "tenants.shared.life.deleting.SHUT",
        "tenants.shared.life.deleting.EXPORT",
        "tenants.shared.life.deleting.STOCK",
        "tenants.shared.life.deleting.PUBLIC",
        "tenants.shared.life.deleting.FILES",
        "tenants.shared.life.deleting.SCHEMA",
        "tenants.shared.life.deleting.ROLE",
        "tenants.shared.life.deleting.CERTIFY",
    ),
    "export": ("tenants.shared.archive.steps.EXPORT",),
    "clone": ("tenants.shared.archive.steps.CLONE",),
    "drill": ("tenants.shared.archive.steps.DRILL",),
    "migrate": ("tenants.shared.checks.runs.MIGRATE",),
    "check": ("tenants.shared.checks.runs.CHECK",),
}
# what a hall needs before it opens: function(hall) -> tenants.shared.life.golive.Finding, in the hall's scope
GO_LIVE_CHECKS = (
    "catalog.hall.golive.items_are_there",
    "catalog.hall.golive.items_have_departments",
    "cases.hall.golive.items_have_windows",
    "catalog.hall.golive.reviews_are_done",
    "tenants.hall.golive.hours_are_set",
    "tenants.hall.golive.desk_has_people",
    "tenants.hall.golive.admin_is_there",
    "theming.golive.look_can_be_read",
    "cases.hall.golive.a_case_was_finished",
    "cases.hall.golive.nothing_is_left",
)
# the local hour after which all halls are checked each night
CHECK_HOUR: int = read_for()["CHECK_HOUR"]
