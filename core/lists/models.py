"""What people keep of lists: saved views, chosen columns, and what they did to many rows."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.accounts.models import ApiToken, User
from core.tenancy.models import TenantModel


class SavedView(TenantModel):
    """A named filter of one list (with sort and columns), its owner's or shared with the
    operator. ``query`` is the query string; names that a later version lost are left out when
    it is opened."""

    list_name = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    query = models.TextField(_("filters"), blank=True)
    is_shared = models.BooleanField(_("shared"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "list_name", "owner", "name"], name="saved_view_name_once"
            )
        ]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self) -> str:
        return self.name


class ListPreference(TenantModel):
    """The columns (and their order) that a person wants to see in a list, and the view with
    which it opens. No columns: those that the list has by itself."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=60)
    columns = models.JSONField(default=list, blank=True)
    default_view = models.ForeignKey(
        SavedView, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "user", "list_name"], name="list_preference_once"
            )
        ]
        verbose_name = _("list preference")
        verbose_name_plural = _("list preferences")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.list_name}"


class BulkState(models.TextChoices):
    """Life of a bulk action."""

    DRAFT = "draft", _("To be confirmed")
    QUEUED = "queued", _("Running")
    FINISHED = "finished", _("Finished")


class BulkRun(TenantModel):
    """One action on many rows, asked for by a person or with an API token: what was chosen then,
    the form as it was confirmed, and (in its rows) what came of it. Only the chosen rows are ever
    touched."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    batch_id = models.UUIDField(default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    token = models.ForeignKey(
        ApiToken, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    list_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60)
    query = models.TextField(blank=True, help_text=_("Where it was asked for"))
    form_data = models.TextField(blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=BulkState.choices, default=BulkState.DRAFT
    )
    row_count = models.PositiveIntegerField(default=0)
    time_zone = models.CharField(max_length=64, blank=True, help_text=_("Of times in the form"))
    request_id = models.CharField(max_length=64, blank=True)
    source_ip = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None) ^ models.Q(token=None), name="bulk_run_one_caller"
            )
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["draft", "queued"]),
                name="bulk_run_open_idx",
            )
        ]
        verbose_name = _("bulk action")
        verbose_name_plural = _("bulk actions")

    def __str__(self) -> str:
        return f"{self.list_name}: {self.action}"


class BulkOutcome(models.TextChoices):
    """What came of one row."""

    WAITING = "waiting", _("Waiting")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    GONE = "gone", _("No longer there")
    FAILED = "failed", _("Failed")


class BulkRow(TenantModel):
    """One chosen row and what came of it."""

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    object_id = models.BigIntegerField()
    key = models.CharField(max_length=64, blank=True, help_text=_("How the API names the row"))
    label = models.CharField(max_length=200)
    outcome = models.CharField(
        max_length=10, choices=BulkOutcome.choices, default=BulkOutcome.WAITING
    )
    message = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["run_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="bulk_row_position_once"),
            models.UniqueConstraint(fields=["run", "object_id"], name="bulk_row_object_once"),
        ]
        verbose_name = _("row of a bulk action")
        verbose_name_plural = _("rows of bulk actions")

    def __str__(self) -> str:
        return self.label
