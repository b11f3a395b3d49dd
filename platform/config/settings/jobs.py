"""What the operator does to halls with the owner's login, kind by kind: the steps of each, in their order.

A step is a `tenants.shared.jobs.Step`; the apps contribute them, and the order stands here alone.
"""

from config.settings.environment import read_for

HALL_JOBS: dict[str, tuple[str, ...]] = {
    "onboard": (
        "tenants.shared.onboarding.RESERVE",
        "tenants.shared.onboarding.OPEN",
        "catalog.hall.onboarding.ADOPT",
        "tenants.hall.onboarding.FURNISH",
        "tenants.hall.onboarding.DESCRIBE",
        "cases.hall.onboarding.TEXTS",
        "theming.onboarding.LOOK",
        "tenants.hall.onboarding.INVITE",
        "tenants.shared.onboarding.CHECK",
    ),
    "go_live": (
        "tenants.shared.golive.RECHECK",
        "tenants.shared.golive.OPEN",
        "tenants.shared.golive.TAKE_OVER",
        "tenants.hall.golive.FORGET_GUESTS",
    ),
    "state": ("tenants.shared.changing.CHECK", "tenants.shared.changing.CHANGE"),
    "rename": (
        "tenants.shared.renaming.CHECK",
        "tenants.shared.renaming.RESERVE",
        "tenants.shared.renaming.RENAME",
        "tenants.shared.renaming.READDRESS",
        "tenants.shared.renaming.SETTLE",
    ),
    "release": ("tenants.shared.releasing.RELEASE",),
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
    "export": ("tenants.shared.archive.steps.EXPORT",),
    "clone": ("tenants.shared.archive.steps.CLONE",),
    "drill": ("tenants.shared.archive.steps.DRILL",),
    "migrate": ("tenants.shared.checking.MIGRATE",),
    "check": ("tenants.shared.checking.CHECK",),
}
# what a hall needs before it opens: function(hall) -> tenants.shared.golive.Finding, in the hall's scope
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
