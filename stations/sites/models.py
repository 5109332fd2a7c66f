"""Sites: places where stations stand."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sites.choices import PlaceClass
from stations.sites.disclosure import SiteDisclosure, choice_field


class Site(SiteDisclosure, TenantModel):
    """A place with one grid connection, an address and a time zone."""

    placing = Placing("pk")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=16, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    country_code = models.CharField(_("country code"), max_length=2, default="SE")
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Stockholm")
    power_limit_w = models.PositiveIntegerField(_("power limit (W)"), null=True, blank=True)
    place_class = choice_field(
        _("place class"),
        PlaceClass,
        _("What charging here is to who drives. Sessions keep it as it was when they began."),
    )
    allow_profile_0 = models.BooleanField(
        _("allow stations without password"),
        default=False,
        help_text=_("Only has effect where the installation allows it too."),
    )
    commissioned_on = models.DateField(_("commissioned"), null=True, blank=True)
    retired_on = models.DateField(_("retired"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="site_name_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True)
                | models.Q(latitude__gte=-90, latitude__lte=90),
                name="site_latitude_range",
            ),
            models.CheckConstraint(
                condition=models.Q(longitude__isnull=True)
                | models.Q(longitude__gte=-180, longitude__lte=180),
                name="site_longitude_range",
            ),
        ]
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return self.name


class MembershipSite(TenantModel):
    """A site that a limited member works with. Both belong to the same operator (migration)."""

    placing = Placing("site_id")

    membership = models.ForeignKey("core.Membership", on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["membership_id", "site_id"]
        constraints = [
            models.UniqueConstraint(fields=["membership", "site"], name="membership_site_once")
        ]
        verbose_name = _("site of a member")
        verbose_name_plural = _("sites of members")

    def __str__(self) -> str:
        return f"{self.membership_id}: {self.site_id}"


class ApiTokenSite(TenantModel):
    """A site that a limited API token works with. Both belong to the same operator (migration)."""

    placing = Placing("site_id")

    token = models.ForeignKey("core.ApiToken", on_delete=models.CASCADE, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["token_id", "site_id"]
        constraints = [
            models.UniqueConstraint(fields=["token", "site"], name="api_token_site_once")
        ]
        verbose_name = _("site of an API token")
        verbose_name_plural = _("sites of API tokens")

    def __str__(self) -> str:
        return f"{self.token_id}: {self.site_id}"
