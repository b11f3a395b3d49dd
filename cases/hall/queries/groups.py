"""Groups and rules, and what the pages of both offer to choose from."""

from typing import Any

from cases.hall.models import Group, RoutingRule
from cases.hall.queries import listed, place
from cases.hall.transitions import DESK
from catalog.shared.models import Offer
from tenants.hall.models import Post
from tenants.hall.queries import department_names


def groups() -> list[dict[str, Any]]:
    """Return the groups with the names of their people. Two queries."""
    found = Group.objects.filter(is_active=True).order_by("name").prefetch_related("posts")
    return [
        {"group": group, "people": [f"{post.name}（{post.get_role_display()}）" for post in group.posts.all() if post.is_active]}
        for group in found
    ]  # fmt: skip


def choices() -> list[tuple[str, str]]:
    """Return the groups as a select offers them. One query."""
    found = Group.objects.filter(is_active=True).order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


def rules() -> list[dict[str, Any]]:
    """Return the rules in words, by what they say. Two queries."""
    found = list(
        RoutingRule.objects.select_related("group").order_by("-item_code", "-division", "-department")
    )
    codes = [rule.item_code for rule in found if rule.item_code]
    named = Offer.objects.filter(hall_id=place.here().role, code__in=codes)
    names = dict(named.values_list("code", "name"))
    return [
        {
            "rule": rule,
            "item": names.get(rule.item_code, rule.item_code),
            "place": listed.place_name(rule.division),
        }
        for rule in found
    ]


def posts() -> list[tuple[str, str]]:
    """Return the desk's posts, person and post in words. One query."""
    found = Post.objects.held().filter(role__in=sorted(DESK)).select_related("department")
    return [
        (
            str(post.pk),
            f"{post.name}，{post.get_role_display()}"
            + (f"，{post.department.name}" if post.department else ""),
        )
        for post in found.order_by("role", "name", "username")
    ]


def items() -> list[tuple[str, str]]:
    """Return the hall's items that are applied for, by name. One query."""
    found = Offer.objects.filter(hall_id=place.here().role, is_active=True, hidden=False, can_apply=True)
    return list(found.order_by("sort_key", "code").values_list("code", "name"))


def towns() -> list[tuple[str, Any]]:
    """Return the towns by county."""
    return [(county, rows) for county, rows in listed.places()]


def departments() -> list[tuple[str, str]]:
    """Return the hall's departments. One query."""
    return [(name, name) for name in department_names()]
