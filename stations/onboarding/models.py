"""A new station while somebody is still describing it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station
from stations.sites.models import Site


class StationDraft(TenantModel):
    """The steps of the wizard so far. ``values`` holds the station's fields, ``evses`` its EVSEs.

    ``nonce`` makes the password, together with a key of the server, so that a step sent twice
    gives the same station and the same answer; it is emptied once the password was seen.
    """

    placing = Placing("site_id")

    public_id = models.CharField(max_length=24, unique=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    evses = models.JSONField(default=list)
    nonce = models.CharField(max_length=64, blank=True)
    station = models.OneToOneField(
        Station, on_delete=models.CASCADE, null=True, blank=True, related_name="draft"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        verbose_name = _("station being added")
        verbose_name_plural = _("stations being added")

    def __str__(self) -> str:
        return str(self.values.get("name") or self.public_id)
