"""The posts of a hall."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PostRole(TextChoices):
    """What a post lets somebody do (DOMAIN: 审批分离, the window accepts and another decides)."""

    WINDOW = "window", _("窗口受理")
    APPROVER = "approver", _("审批")
    HEAD = "head", _("负责人")
    BRANCH_STAFF = "branch_staff", _("事项管理员")
    HALL_ADMIN = "hall_admin", _("分厅管理员")
