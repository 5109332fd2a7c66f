"""Public status pages of sites."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sites.models import Site

_LETTERS: Final = "23456789abcdefghjkmnpqrstvwxyz"


def new_code() -> str:
    """Letters that are not mistaken for each other; it tells nothing of the site."""
    return "".join(secrets.choice(_LETTERS) for _n in range(12))


class SiteStatusPage(TenantModel):
    """Whether anybody may see the state of a site's EVSEs, at which address, and what stands
    above them."""

    placing = Placing("site_id")

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="status_page")
    code = models.CharField(max_length=24, unique=True, default=new_code)
    is_public = models.BooleanField(_("anybody may see it"), default=False)
    notice = models.CharField(
        _("notice for drivers"),
        max_length=300,
        blank=True,
        help_text=_("Stands above the states, also on the pages of drivers and guests."),
    )
    notice_until_at = models.DateTimeField(_("notice until"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["site_id"]
        verbose_name = _("status page")
        verbose_name_plural = _("status pages")

    def __str__(self) -> str:
        return self.code
