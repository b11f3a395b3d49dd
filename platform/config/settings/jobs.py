"""What the operator does to halls with the owner's login, kind by kind: the steps of each, in their order.

A step is a `tenants.shared.jobs.Step`; the apps contribute them, and the order stands here alone.
"""

HALL_JOBS: dict[str, tuple[str, ...]] = {
    "export": ("tenants.shared.archive.steps.EXPORT",),
    "clone": ("tenants.shared.archive.steps.CLONE",),
    "drill": ("tenants.shared.archive.steps.DRILL",),
}
