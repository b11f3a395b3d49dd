"""Groups of clerks and the rules that lead cases to them: for the hall's admin."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import post_required
from cases.hall.forms.work import GroupForm, RuleForm
from cases.hall.models import Group, RoutingRule
from cases.hall.queries import groups as query
from cases.hall.services import routing
from cases.hall.services.refusals import DataNeeded
from tenants.hall.enums import PostRole
from tenants.shared.http import HallRequest

ADMIN = (PostRole.HALL_ADMIN,)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*ADMIN)
def groups(request: HallRequest) -> HttpResponse:
    """Show groups and rules, how many free cases the rules would move; a POST adds a rule."""
    form = _rule_form(request)
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        group = _group(int(given.pop("group")))
        try:
            routing.add_rule(group, **given, by=request.actor, now=timezone.now())
        except DataNeeded as problem:
            for field, sentence in problem.fields.items():
                form.add_error(field, sentence)
        else:
            return redirect("staff-groups")
    context: dict[str, Any] = {
        "groups": query.groups(),
        "rules": query.rules(),
        "form": form,
        "misplaced": routing.misplaced().count(),
        "moved": request.GET.get("moved", "") if request.GET.get("moved", "").isdigit() else "",
    }
    return render(request, "cases_hall/groups.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@post_required(*ADMIN)
def edit(request: HallRequest, pk: int | None = None) -> HttpResponse:
    """Make a group, or change its name and who belongs to it."""
    group = _group(pk) if pk is not None else None
    members = list(group.posts.values_list("pk", flat=True)) if group else []
    form = GroupForm(
        request.POST if request.method == "POST" else None,
        posts=query.posts(),
        initial={"name": group.name if group else "", "posts": [str(member) for member in members]},
    )
    if form.is_bound and form.is_valid():
        posts = [int(post) for post in form.cleaned_data["posts"]]
        try:
            routing.save_group(group, form.cleaned_data["name"], posts, by=request.actor, now=timezone.now())
        except DataNeeded as problem:
            form.add_error("name", problem.fields["name"])
        else:
            return redirect("staff-groups")
    title = group.name if group else _("加一个组")
    context = {"form": form, "group": group, "title": title}
    return render(request, "cases_hall/group.html", context, status=422 if form.errors else 200)


@require_POST
@post_required(*ADMIN)
def retire(request: HallRequest, pk: int) -> HttpResponse:
    """End a group; its open cases are everybody's."""
    routing.retire_group(_group(pk), by=request.actor, now=timezone.now())
    return redirect("staff-groups")


@require_POST
@post_required(*ADMIN)
def remove_rule(request: HallRequest, pk: int) -> HttpResponse:
    """Remove a rule."""
    rule = RoutingRule.objects.select_related("group").filter(pk=pk).first()
    if rule is None:
        raise Http404
    routing.remove_rule(rule, by=request.actor, now=timezone.now())
    return redirect("staff-groups")


@require_POST
@post_required(*ADMIN)
def apply(request: HallRequest) -> HttpResponse:
    """Lead the free cases by the rules of today."""
    moved = routing.apply(by=request.actor, now=timezone.now())
    return redirect(f"/staff/groups/?moved={moved}")


def _group(pk: int) -> Group:
    group = Group.objects.filter(pk=pk, is_active=True).first()
    if group is None:
        raise Http404
    return group


def _rule_form(request: HallRequest) -> RuleForm:
    return RuleForm(
        request.POST if request.method == "POST" else None,
        groups=query.choices(),
        items=query.items(),
        towns=query.towns(),
        departments=query.departments(),
    )
