"""What a person may be in the city's console."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CityRole(TextChoices):
    """A role in the city's console; posts in a hall are rows of that hall."""

    CITY_ADMIN = "city_admin", _("市级管理员")
    INSPECTOR = "inspector", _("监察员")


class Trust(TextChoices):
    """How far a material of somebody's own is known: as they sent it, as a clerk compared it, as a hall issued it."""

    OWN = "own", _("自己传的")
    SEEN = "seen", _("窗口核过原件")
    ISSUED = "issued", _("大厅发的")
