"""Who does the work and what is agreed with them: partners, calendars, service agreements."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.sites.models import Site


class Priority(models.TextChoices):
    """How urgent an order is."""

    P1 = "P1", _("P1: danger, or a whole site is down")
    P2 = "P2", _("P2: cannot be used")
    P3 = "P3", _("P3: works in part")
    P4 = "P4", _("P4: planned")


class Partner(TenantModel):
    """A company that repairs or supplies stations; its technicians are members who see its
    orders alone."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_technician = models.BooleanField(_("does work on site"), default=True)
    is_supplier = models.BooleanField(_("supplies stations or parts"), default=False)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="partner_name_once"),
            models.CheckConstraint(
                condition=models.Q(is_technician=True) | models.Q(is_supplier=True),
                name="partner_does_something",
            ),
        ]
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.name

    @property
    def works(self) -> bool:
        """Whether it does work on site now."""
        return self.is_technician and self.is_active


class PartnerMember(TenantModel):
    """Whose technician a member is; without a row a partner technician sees no order."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="people")
    membership = models.OneToOneField(
        "core.Membership", on_delete=models.CASCADE, related_name="partner_member"
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["partner_id", "membership_id"]
        verbose_name = _("technician of a partner")
        verbose_name_plural = _("technicians of partners")

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.membership_id}"


class WorkCalendar(TenantModel):
    """When people work: weekly hours in their stored form (``stations.sites.hours``) in a zone,
    with the public holidays of a country."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Stockholm")
    country_code = models.CharField(_("country of the public holidays"), max_length=2, blank=True)
    hours = models.JSONField(_("hours"), default=dict)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["operator", "name"], name="work_calendar_name_once")
        ]
        verbose_name = _("work calendar")
        verbose_name_plural = _("work calendars")

    def __str__(self) -> str:
        return self.name


class ServiceAgreement(TenantModel):
    """What a partner, or the operator's own staff, promises for some sites: times by priority in
    a calendar, and what it costs. It covers the chosen sites and those in its area (beginnings of
    postal codes); with neither it covers all sites."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("partner"),
    )
    calendar = models.ForeignKey(
        WorkCalendar, on_delete=models.PROTECT, related_name="+", verbose_name=_("calendar")
    )
    area = models.CharField(
        _("area"),
        max_length=200,
        blank=True,
        help_text=_("Beginnings of postal codes with commas between, for example 21, 22, 231."),
    )
    valid_from_on = models.DateField(_("valid from"))
    valid_until_on = models.DateField(_("valid until"), null=True, blank=True)
    monthly_price = models.DecimalField(
        _("price a month"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    visit_price = models.DecimalField(
        _("price a visit"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    hour_price = models.DecimalField(
        _("price an hour"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, default="SEK")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "name"], name="service_agreement_name_once"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until_on=None)
                | models.Q(valid_until_on__gte=models.F("valid_from_on")),
                name="service_agreement_days",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{name}_price": None})
                    | models.Q(**{f"{name}_price__gte": 0}),
                    name=f"service_agreement_{name}_price",
                )
                for name in ("monthly", "visit", "hour")
            ),
        ]
        verbose_name = _("service agreement")
        verbose_name_plural = _("service agreements")

    def __str__(self) -> str:
        return self.name


class AgreementSite(TenantModel):
    """A site that an agreement names."""

    placing = Placing("site_id")

    agreement = models.ForeignKey(ServiceAgreement, on_delete=models.CASCADE, related_name="places")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["agreement_id", "site_id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "site"], name="agreement_site_once")
        ]
        verbose_name = _("site of an agreement")
        verbose_name_plural = _("sites of agreements")

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.site_id}"


class AgreementTime(TenantModel):
    """What is promised for one priority, in minutes; around the clock or in the calendar."""

    agreement = models.ForeignKey(ServiceAgreement, on_delete=models.CASCADE, related_name="times")
    priority = models.CharField(_("priority"), max_length=2, choices=Priority.choices)
    respond_min = models.PositiveIntegerField(_("on site within (minutes)"), null=True, blank=True)
    restore_min = models.PositiveIntegerField(_("working within (minutes)"), null=True, blank=True)
    is_always = models.BooleanField(_("around the clock"), default=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["agreement_id", "priority"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "priority"], name="agreement_time_priority_once"
            ),
            models.CheckConstraint(
                condition=models.Q(respond_min=None) | models.Q(respond_min__gt=0),
                name="agreement_time_respond",
            ),
            models.CheckConstraint(
                condition=models.Q(restore_min=None) | models.Q(restore_min__gt=0),
                name="agreement_time_restore",
            ),
        ]
        verbose_name = _("time of an agreement")
        verbose_name_plural = _("times of agreements")

    def __str__(self) -> str:
        return f"{self.agreement_id}: {self.priority}"


class SiteAccess(TenantModel):
    """How a technician gets to the stations of a site: gates, keys, whom to call."""

    placing = Placing("site_id")

    site = models.OneToOneField(Site, on_delete=models.CASCADE, related_name="access")
    notes = models.TextField(_("how to get in"), max_length=2000, blank=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=40, blank=True)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["site_id"]
        verbose_name = _("access to a site")
        verbose_name_plural = _("access to sites")

    def __str__(self) -> str:
        return str(self.site_id)
