"""Day-ahead prices by quarter, exchange rates by day, and the files that they came from."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from billing.spot.areas import AREAS
from billing.spot.facts import LEAST_PRICE, MOST_PRICE
from billing.spot.managers import MarketModel
from core.accounts.models import User
from core.imports.models import ImportState

AREA_CHOICES = [(area, area) for area in AREAS]


class SpotSource(models.TextChoices):
    """Where a price or a rate came from."""

    FILE = "file", _("File")
    ENTSOE_FILE = "entsoe_file", _("ENTSO-E file")
    ENTSOE = "entsoe", _("ENTSO-E")
    ECB = "ecb", _("European Central Bank")
    ENTERED = "entered", _("Entered by hand")
    DEMO = "demo", _("Demo data")


class SpotKind(models.TextChoices):
    """What a file holds."""

    PRICES = "prices", _("Spot prices")
    RATES = "rates", _("Exchange rates")


class SpotImport(MarketModel):
    """One file of prices or rates: as it came, and what became of it. ``area`` is what a file
    that names no zone is about."""

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SpotKind.choices)
    area = models.CharField(_("bidding zone"), max_length=6, choices=AREA_CHOICES, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=SpotSource.choices)
    file_name = models.CharField(_("file"), max_length=200)
    form = models.CharField(_("read as"), max_length=20, blank=True)
    size_bytes = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    original = models.BinaryField()
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=ImportState.choices,
        default=ImportState.DRAFT,
    )
    user = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    user_label = models.CharField(_("who"), max_length=200)
    created_count = models.PositiveIntegerField(_("new"), default=0)
    changed_count = models.PositiveIntegerField(_("changed"), default=0)
    reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    done_at = models.DateTimeField(_("imported"), null=True, blank=True)

    class Meta(MarketModel.Meta):
        abstract = False
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["operator", "-created_at"], name="spot_import_recent_idx")]
        verbose_name = _("spot price import")
        verbose_name_plural = _("spot price imports")

    def __str__(self) -> str:
        return self.file_name


class SpotPrice(MarketModel):
    """The day-ahead price of one quarter in one bidding zone. ``minutes`` is the length that the
    market priced: an hour is stored as four quarters of the same price."""

    area = models.CharField(_("bidding zone"), max_length=6, choices=AREA_CHOICES)
    starts_at = models.DateTimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    price = models.DecimalField(
        _("price per MWh"),
        max_digits=14,
        decimal_places=6,
        validators=[MinValueValidator(LEAST_PRICE), MaxValueValidator(MOST_PRICE)],
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    source = models.CharField(_("source"), max_length=12, choices=SpotSource.choices)
    spot_import = models.ForeignKey(
        SpotImport, on_delete=models.PROTECT, null=True, blank=True, related_name="prices"
    )
    imported_at = models.DateTimeField(_("imported"), default=timezone.now)

    class Meta(MarketModel.Meta):
        abstract = False
        ordering = ["-starts_at", "area", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "area", "starts_at"],
                nulls_distinct=False,
                name="spot_price_once",
            ),
            models.CheckConstraint(condition=models.Q(currency="EUR"), name="spot_price_currency"),
            models.CheckConstraint(
                condition=models.Q(minutes__in=(15, 60)), name="spot_price_minutes"
            ),
            models.CheckConstraint(
                condition=models.Q(price__gte=LEAST_PRICE, price__lte=MOST_PRICE),
                name="spot_price_plausible",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_at__minute__in=(0, 15, 30, 45), starts_at__second=0),
                name="spot_price_quarter",
            ),
        ]
        indexes = [models.Index(fields=["area", "starts_at"], name="spot_price_area_idx")]
        verbose_name = _("spot price")
        verbose_name_plural = _("spot prices")

    def __str__(self) -> str:
        return f"{self.area} {self.starts_at:%Y-%m-%d %H:%M}"


class ExchangeRate(MarketModel):
    """Units of a currency for one euro, as published on a day."""

    currency = models.CharField(_("currency"), max_length=3)
    base = models.CharField(_("base"), max_length=3, default="EUR")
    published_on = models.DateField(_("published on"))
    rate = models.DecimalField(_("rate"), max_digits=16, decimal_places=8)
    source = models.CharField(_("source"), max_length=12, choices=SpotSource.choices)
    spot_import = models.ForeignKey(
        SpotImport, on_delete=models.PROTECT, null=True, blank=True, related_name="rates"
    )
    imported_at = models.DateTimeField(_("imported"), default=timezone.now)

    class Meta(MarketModel.Meta):
        abstract = False
        ordering = ["-published_on", "currency", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "currency", "published_on"],
                nulls_distinct=False,
                name="exchange_rate_once",
            ),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive"),
            models.CheckConstraint(condition=models.Q(base="EUR"), name="exchange_rate_base"),
            models.CheckConstraint(
                condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="exchange_rate_currency"
            ),
        ]
        indexes = [models.Index(fields=["currency", "published_on"], name="exchange_rate_day_idx")]
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")

    def __str__(self) -> str:
        return f"{self.currency} {self.published_on}"
