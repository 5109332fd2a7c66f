"""What sessions cost: their place in billing, rated sessions with lines, and what may be billed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.sentences import Sentence, read_sentence
from core.tenancy.models import TenantModel
from core.tenancy.places import Placing
from stations.hardware.models import Station
from stations.sessions.models import Session
from stations.sites.models import Site


class BillingState(models.TextChoices):
    """Where a session stands on its way to a bill."""

    WAITING = "waiting", _("Not rated yet")
    RATED = "rated", _("Rated")
    HELD = "held", _("Held for review")
    AWAITING_PRICE = "awaiting_price", _("Awaiting price")
    FREE = "free", _("Free of charge")
    WAIVED = "waived", _("Waived")
    DROPPED = "dropped", _("Dropped")


class SessionBilling(TenantModel):
    """The billing side of one session: who pays, the pinned tariff version, and its state.

    The tariff version in force at the start is pinned here when the session is first pulled, and
    stays. ``is_due`` is set by the database whenever the reconciler wrote an ended session, so
    that rating pulls exactly what changed. ``stop_requested_at``: a limit was reached.
    ``running_gross``: what the session cost at ``running_at``, while it ran; ``told_gross``: what
    its station was told of that last. ``credited_gross``: what credit notes about this session
    alone took back, beside what rating adjusts.
    """

    placing = Placing("session_id", "stations.Session")

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="billing")
    account = models.ForeignKey(
        "billing.BillingAccount",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="session_billings",
        verbose_name=_("billing account"),
    )
    price_group = models.ForeignKey(
        "billing.PriceGroup",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("price group"),
    )
    tariff_version = models.ForeignKey(
        "billing.TariffVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="session_billings",
        verbose_name=_("tariff"),
    )
    tariff_hash = models.CharField(max_length=64, blank=True)
    is_free = models.BooleanField(_("free of charge"), default=False)
    why = models.JSONField(_("why"), default=list, blank=True)
    pinned_at = models.DateTimeField(_("tariff pinned"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=BillingState.choices, default=BillingState.WAITING
    )
    is_due = models.BooleanField(default=False)
    correction = models.JSONField(
        _("correction"),
        default=dict,
        blank=True,
        help_text=_("What a person put in place of what was measured"),
    )
    revision = models.PositiveIntegerField(_("revision"), default=0)
    rated_at = models.DateTimeField(_("rated"), null=True, blank=True)
    stop_requested_at = models.DateTimeField(_("stop requested"), null=True, blank=True)
    running_gross = models.DecimalField(
        _("cost so far"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    running_currency = models.CharField(max_length=3, blank=True, default="", db_default="")
    running_at = models.DateTimeField(null=True, blank=True)
    told_gross = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    told_at = models.DateTimeField(_("cost told to the station"), null=True, blank=True)
    credited_gross = models.DecimalField(
        _("credited by credit notes"), max_digits=16, decimal_places=4, default=0, db_default=0
    )

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(is_due=True), name="billing_due_idx"),
            models.Index(fields=["operator", "state"], name="billing_state_idx"),
        ]
        verbose_name = _("billing of a session")
        verbose_name_plural = _("billing of sessions")

    @property
    def reasons(self) -> list[Sentence | str]:
        """``why``, to be said in the reader's language."""
        return [read_sentence(one) for one in self.why]

    def __str__(self) -> str:
        return str(self.session)


class RatedSession(TenantModel):
    """A session with its price: one revision. What is stored never changes; a later rating is a
    new revision, and of all revisions of a session at most one is current.

    ``taxes`` are totals by tax rate as ``{"rate", "net", "tax", "gross"}``. ``findings`` are those
    of rating. ``correction`` is what a person put in place of the readings. Place and day of
    delivery (in the site's zone) are kept here, so that revenue needs no other table.
    """

    placing = Placing("site_id")

    public_id = models.CharField(_("public id"), max_length=24, unique=True)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="rated")
    revision = models.PositiveIntegerField(_("revision"))
    is_current = models.BooleanField(_("current"), default=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "billing.BillingAccount",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rated_sessions",
        verbose_name=_("billing account"),
    )
    tariff_version = models.ForeignKey(
        "billing.TariffVersion",
        on_delete=models.PROTECT,
        related_name="rated_sessions",
        verbose_name=_("tariff"),
    )
    tariff_hash = models.CharField(_("hash of the tariff"), max_length=64)
    engine_version = models.CharField(_("engine"), max_length=20)
    started_at = models.DateTimeField(_("started"))
    stopped_at = models.DateTimeField(_("stopped"))
    delivered_on = models.DateField(_("day"))
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=16, decimal_places=4)
    exported_wh = models.DecimalField(
        _("exported energy (Wh)"), max_digits=16, decimal_places=4, default=0
    )
    charging_s = models.PositiveIntegerField(_("charging time (s)"))
    parking_s = models.PositiveIntegerField(_("parking time (s)"))
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("gross"), max_digits=16, decimal_places=4)
    taxes = models.JSONField(_("totals by tax rate"), default=list)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    is_interpolated = models.BooleanField(_("partly interpolated"), default=False)
    correction = models.JSONField(_("correction"), default=dict, blank=True)
    created_at = models.DateTimeField(_("rated"), default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["-stopped_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "revision"], name="rated_revision_once"),
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(is_current=True),
                name="rated_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")),
                name="rated_sums",
            ),
            models.CheckConstraint(
                condition=models.Q(stopped_at__gte=models.F("started_at"), energy_wh__gte=0),
                name="rated_range",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operator", "delivered_on"],
                condition=models.Q(is_current=True),
                name="rated_day_idx",
            ),
            models.Index(
                fields=["operator", "-stopped_at"],
                condition=models.Q(is_current=True),
                name="rated_recent_idx",
            ),
        ]
        verbose_name = _("rated session")
        verbose_name_plural = _("rated sessions")

    def __str__(self) -> str:
        return self.public_id


class PriceLine(TenantModel):
    """One line of a rated session: what was priced by which element of the tariff, and how.

    ``quantity`` is what was used and ``billed_quantity`` what steps made of it, both in ``unit``
    (Wh, s or 1); ``unit_price`` is per kWh, per hour or once. ``element`` counts from 0 in the
    tariff's document; empty for a spot price and for what the tariff as a whole adds.
    ``exact_net`` is the amount before rounding, to ten decimals.
    """

    placing = Placing("rated_session_id", "billing.RatedSession")

    rated_session = models.ForeignKey(RatedSession, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=20)
    reason = models.CharField(_("reason"), max_length=20)
    element = models.PositiveSmallIntegerField(_("element"), null=True, blank=True)
    started_at = models.DateTimeField(_("from"))
    stopped_at = models.DateTimeField(_("to"))
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=6)
    billed_quantity = models.DecimalField(_("billed quantity"), max_digits=20, decimal_places=6)
    unit = models.CharField(_("unit"), max_length=8)
    unit_price = models.DecimalField(_("price"), max_digits=24, decimal_places=10)
    tax_rate = models.DecimalField(
        _("tax rate (%)"), max_digits=7, decimal_places=4, null=True, blank=True
    )
    exact_net = models.DecimalField(_("unrounded net"), max_digits=24, decimal_places=10)
    is_interpolated = models.BooleanField(_("partly interpolated"), default=False)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("gross"), max_digits=16, decimal_places=4)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["rated_session_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rated_session", "position"], name="line_once"),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")), name="line_sums"
            ),
        ]
        verbose_name = _("price line")
        verbose_name_plural = _("price lines")

    def __str__(self) -> str:
        return f"{self.rated_session_id}/{self.position}"


class PricePeriod(TenantModel):
    """A stretch of a rated session in which no price changes (a charging period of OCPI).

    ``prices`` names what priced it: pairs of dimension and element (none for spot). Where no
    reading stands at an end, the register was interpolated.
    """

    placing = Placing("rated_session_id", "billing.RatedSession")

    rated_session = models.ForeignKey(
        RatedSession, on_delete=models.PROTECT, related_name="periods"
    )
    position = models.PositiveIntegerField(_("position"))
    started_at = models.DateTimeField(_("from"))
    stopped_at = models.DateTimeField(_("to"))
    energy_wh = models.DecimalField(_("energy (Wh)"), max_digits=20, decimal_places=6)
    kind = models.CharField(_("kind"), max_length=16, blank=True)
    prices = models.JSONField(_("priced by"), default=list, blank=True)
    is_idle_free = models.BooleanField(_("free idle time"), default=False)
    is_interpolated = models.BooleanField(_("interpolated"), default=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["rated_session_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rated_session", "position"], name="period_once"),
            models.CheckConstraint(
                condition=models.Q(stopped_at__gte=models.F("started_at")), name="period_order"
            ),
        ]
        verbose_name = _("price period")
        verbose_name_plural = _("price periods")

    def __str__(self) -> str:
        return f"{self.rated_session_id}/{self.position}"


class ItemKind(models.TextChoices):
    """What a billable item is."""

    SESSION = "session", _("Session")
    ADJUSTMENT = "adjustment", _("Adjustment")


class BillableItem(TenantModel):
    """What an invoice may take. The database lets a row exist only for a current revision of a
    session that is not held (see the migration); once taken, it stays as it is.

    An adjustment is the difference that a revision makes to what was taken before
    (``replaces``), so it may be negative.
    """

    placing = Placing("session_id", "stations.Session")

    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="billable_items")
    rated_session = models.ForeignKey(
        RatedSession, on_delete=models.PROTECT, related_name="billable_items"
    )
    replaces = models.ForeignKey(
        RatedSession, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    account = models.ForeignKey(
        "billing.BillingAccount", on_delete=models.PROTECT, related_name="billable_items"
    )
    delivered_on = models.DateField(_("day"))
    currency = models.CharField(_("currency"), max_length=3)
    net = models.DecimalField(_("net"), max_digits=16, decimal_places=4)
    tax = models.DecimalField(_("tax"), max_digits=16, decimal_places=4)
    gross = models.DecimalField(_("gross"), max_digits=16, decimal_places=4)
    taken_at = models.DateTimeField(_("taken by a bill"), null=True, blank=True)
    taken_by = models.CharField(_("bill"), max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta(TenantModel.Meta):
        abstract = False
        ordering = ["delivered_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(taken_at__isnull=True),
                name="billable_one_open",
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=models.Q(kind="session"),
                name="billable_session_once",
            ),
            models.CheckConstraint(
                condition=models.Q(gross=models.F("net") + models.F("tax")), name="billable_sums"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="session", replaces__isnull=True, gross__gte=0)
                | models.Q(kind="adjustment", replaces__isnull=False),
                name="billable_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True, taken_by="")
                | (models.Q(taken_at__isnull=False) & ~models.Q(taken_by="")),
                name="billable_taken_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["operator", "account", "delivered_on"],
                condition=models.Q(taken_at__isnull=True),
                name="billable_open_idx",
            )
        ]
        verbose_name = _("billable item")
        verbose_name_plural = _("billable items")

    def __str__(self) -> str:
        return f"{self.kind} {self.rated_session}"
