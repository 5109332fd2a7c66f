"""Cases that wait for an incident to be over, and what their callers are told then."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from customers.support.models import SupportCase
from stations.incidents.models import Incident


class FollowState(models.TextChoices):
    """Whether the caller has heard."""

    WAITING = "waiting", _("Waits for the repair")
    TOLD = "told", _("Told by e-mail")
    NO_MAIL = "no_mail", _("No e-mail: in the log alone")
    FAILED = "failed", _("The mail could not be sent")
    DROPPED = "dropped", _("Taken back")


class CaseIncident(TenantModel):
    """A case that an incident explains: when that is over, the caller is told ``text``, at
    ``address`` and in the case's log. A row is claimed (``next_at`` moves on) before the mail goes
    out and marked after it: a process that dies in between lets it go out once more, with the same
    Message-ID. Who has been told can be linked again when the incident is opened again."""

    placing = Placing("case_id", "customers.SupportCase")

    case = models.ForeignKey(SupportCase, on_delete=models.PROTECT, related_name="incident_links")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=FollowState.choices, default=FollowState.WAITING
    )
    address = models.EmailField(_("e-mail"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("what they are told"), max_length=4000)
    linked_at = models.DateTimeField(_("linked"), default=timezone.now, editable=False)
    linked_by_label = models.CharField(_("linked by"), max_length=200)
    next_at = models.DateTimeField(_("next try"), default=timezone.now)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-linked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "incident"],
                condition=models.Q(state="waiting"),
                name="case_incident_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["told", "no_mail"], told_at__isnull=False)
                | ~models.Q(state__in=["told", "no_mail"]) & models.Q(told_at=None),
                name="case_incident_told",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(state="waiting"),
                name="case_incident_due_idx",
            ),
        ]
        verbose_name = _("case of an incident")
        verbose_name_plural = _("cases of incidents")

    def __str__(self) -> str:
        return f"{self.case_id}: {self.incident_id}"
