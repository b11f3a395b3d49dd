"""Archives that were made, restores that were begun, drills that were held: the owner's rows, for the city to read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.shared.models.halls import Hall


class HallArchive(models.Model):
    """An archive that the operator made of a hall; `name` is its file in settings.ARCHIVES. The row stays when the file has gone.

    `bytes` is the file's size; `missing` counts files that were gone when they were to be read; `digest` is the manifest's.
    """

    hall = models.ForeignKey(Hall, on_delete=models.SET_NULL, null=True, related_name="archives")
    key = models.CharField(max_length=63)
    name = models.CharField(max_length=120, unique=True)
    made_at = models.DateTimeField()
    seconds = models.FloatField()
    bytes = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    files = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    by_name = models.CharField(max_length=60, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class RestoreWay(models.TextChoices):
    """What a restored archive becomes."""

    IN_PLACE = "in_place", _("恢复到原来的大厅")
    INSPECTION = "inspection", _("另开一份副本，只供查看")
    TRAINING = "training", _("练习用的副本，个人信息都换成编的")
    DRILL = "drill", _("恢复演练，比对完就删")


class RestoreState(models.TextChoices):
    """How far a restore has come. Until `swapped` nobody sees anything of it; from then on it only needs to be finished."""

    LOADING = "loading", _("正在装入")
    LOADED = "loaded", _("装好了，还没换上")
    SWAPPED = "swapped", _("换上了，正在收尾")
    DONE = "done", _("完成")
    ABANDONED = "abandoned", _("没有完成，已清掉")


class HallRestore(models.Model):
    """One restore of an archive: into which hall, in which way, how far, what was lost by it (`report`).

    `number` and `role` are the hall's, or those kept for the copy that is coming. `kept_schema` is the hall's former schema,
    which goes at `kept_until`.
    """

    hall = models.ForeignKey(Hall, on_delete=models.SET_NULL, null=True, related_name="restores")
    key = models.CharField(max_length=63)
    host = models.CharField(max_length=253, blank=True)
    way = models.CharField(max_length=10, choices=RestoreWay)
    state = models.CharField(max_length=10, choices=RestoreState, default=RestoreState.LOADING)
    from_key = models.CharField(max_length=63)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    number = models.PositiveBigIntegerField()
    role = models.CharField(max_length=63)
    report = models.JSONField(default=dict)
    kept_schema = models.CharField(max_length=63, blank=True)
    kept_until = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.key} {self.way} {self.state}"

    @property
    def incoming(self) -> str:
        """The schema that is being filled; no hall's key has an underscore."""
        return f"incoming_{self.pk}"

    @property
    def facts(self) -> str:
        """The schema beside it with the public rows that are to come."""
        return f"incoming_{self.pk}_facts"


class RestoreDrill(models.Model):
    """One drill: a hall was exported, restored under a key of its own, compared, looked through, and the copy removed.

    `findings` are sentences, none when it passed. `seconds` is the whole, the other two are its parts.
    """

    hall = models.ForeignKey(Hall, on_delete=models.SET_NULL, null=True, related_name="drills")
    key = models.CharField(max_length=63)
    started_at = models.DateTimeField()
    seconds = models.FloatField()
    export_seconds = models.FloatField()
    restore_seconds = models.FloatField()
    bytes = models.PositiveBigIntegerField()
    rows = models.PositiveBigIntegerField()
    files = models.PositiveIntegerField()
    has_passed = models.BooleanField()
    findings = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.key} {self.started_at} {self.has_passed}"
