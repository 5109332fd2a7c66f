"""Companies."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.companies import organisation_number
from customers.limits.models import LimitedModel, money_limit
from customers.payers.models import AccountLink


class CompanyStatus(models.TextChoices):
    """Whether the company's drivers and cards may charge."""

    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")


class Company(LimitedModel):
    """A company whose drivers charge, or that has a pool of cards. Its limits hold for all of
    its drivers and cards together."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    country_code = models.CharField(_("country code"), max_length=2, default="SE")
    organisation_number = models.CharField(_("organisation number"), max_length=20, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), max_length=254, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=40, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CompanyStatus.choices, default=CompanyStatus.ACTIVE
    )
    status_reason = models.CharField(_("why"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta(LimitedModel.Meta):
        abstract = False
        ordering = ["name", "id"]
        constraints = [
            money_limit("company"),
            models.UniqueConstraint(fields=["operator", "name"], name="company_name_once"),
            models.UniqueConstraint(
                fields=["operator", "country_code", "organisation_number"],
                condition=~models.Q(organisation_number=""),
                name="company_organisation_number_once",
            ),
        ]
        verbose_name = _("company")
        verbose_name_plural = _("companies")

    def __str__(self) -> str:
        return self.name

    @property
    def shown_organisation_number(self) -> str:
        """With the separators of its country."""
        return organisation_number.shown(self.organisation_number, self.country_code)


class CompanyAccount(AccountLink):
    """The account that pays for a company's drivers and cards in a span of days."""

    owner = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="account_links")

    class Meta(AccountLink.Meta):
        abstract = False
        verbose_name = _("company's account")
        verbose_name_plural = _("companies' accounts")
