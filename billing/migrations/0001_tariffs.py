"""Tariffs and spot prices."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.migrating import CreateModels
from core.search import sql as search
from core.tenancy import sql

IMMUTABLE = """
CREATE FUNCTION billing_tariffversion_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('portal.maintenance', true) = 'on' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  -- All that may ever happen to it: to be withdrawn before it takes effect.
  IF TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state = 'retired'
     AND OLD.takes_effect_at > now() AND NEW.retired_at IS NOT NULL
     AND NEW.document = OLD.document AND NEW.digest = OLD.digest
     AND NEW.tariff_id = OLD.tariff_id AND NEW.number = OLD.number
     AND NEW.operator_id = OLD.operator_id
     AND NEW.takes_effect_at = OLD.takes_effect_at AND NEW.published_at = OLD.published_at
     AND NEW.note = OLD.note AND NEW.published_by = OLD.published_by
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'published tariff version % is immutable: % refused', OLD.id, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER billing_tariffversion_immutable BEFORE UPDATE OR DELETE ON billing_tariffversion
  FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION billing_tariffversion_immutable();
"""

MUTABLE = (
    "DROP TRIGGER billing_tariffversion_immutable ON billing_tariffversion;"
    "DROP FUNCTION billing_tariffversion_immutable();"
)

KEYS = {
    "billing_tariffversion": {
        "tariff_id": "billing_tariff",
    },
    "billing_spotprice": {
        "spot_import_id": "billing_spotimport",
    },
    "billing_exchangerate": {
        "spot_import_id": "billing_spotimport",
    },
}


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0015_notifications"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Tariff",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "is_tax_included",
                            models.BooleanField(
                                default=True,
                                help_text="Consumers see prices with VAT, companies without.",
                                verbose_name="prices with VAT",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "retired_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="retired"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tariff",
                        "verbose_name_plural": "tariffs",
                        "ordering": ["name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("operator"),
                                django.db.models.functions.text.Upper("name"),
                                name="tariff_name_ci_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="tariff_currency_form",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TariffVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("published", "Published"),
                                    ("retired", "Withdrawn"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("document", models.JSONField(verbose_name="document")),
                        ("digest", models.CharField(max_length=64, verbose_name="SHA-256")),
                        ("edition", models.PositiveIntegerField(default=1)),
                        (
                            "takes_effect_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="takes effect"
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="published"),
                        ),
                        (
                            "published_by",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="published by"
                            ),
                        ),
                        (
                            "retired_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="why")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "tariff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="billing.tariff",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "tariff version",
                        "verbose_name_plural": "tariff versions",
                        "ordering": ["tariff_id", "-number"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("tariff", "number"), name="tariff_version_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "draft")),
                                fields=("tariff",),
                                name="tariff_version_one_draft",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "published")),
                                fields=("tariff", "takes_effect_at"),
                                name="tariff_version_start_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("published_at", None),
                                        ("state", "draft"),
                                        ("takes_effect_at", None),
                                    ),
                                    models.Q(
                                        ("published_at__isnull", False),
                                        ("state__in", ["published", "retired"]),
                                        ("takes_effect_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="tariff_version_published_has_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")),
                                name="tariff_version_digest_form",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpotImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("prices", "Spot prices"), ("rates", "Exchange rates")],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "area",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("SE1", "SE1"),
                                    ("SE2", "SE2"),
                                    ("SE3", "SE3"),
                                    ("SE4", "SE4"),
                                    ("NO1", "NO1"),
                                    ("NO2", "NO2"),
                                    ("NO3", "NO3"),
                                    ("NO4", "NO4"),
                                    ("NO5", "NO5"),
                                    ("DK1", "DK1"),
                                    ("DK2", "DK2"),
                                    ("FI", "FI"),
                                    ("EE", "EE"),
                                    ("LV", "LV"),
                                    ("LT", "LT"),
                                    ("DE-LU", "DE-LU"),
                                    ("NL", "NL"),
                                    ("BE", "BE"),
                                    ("AT", "AT"),
                                    ("PL", "PL"),
                                    ("FR", "FR"),
                                ],
                                max_length=6,
                                verbose_name="bidding zone",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("file", "File"),
                                    ("entsoe_file", "ENTSO-E file"),
                                    ("entsoe", "ENTSO-E"),
                                    ("ecb", "European Central Bank"),
                                    ("entered", "Entered by hand"),
                                    ("demo", "Demo data"),
                                ],
                                max_length=12,
                                verbose_name="source",
                            ),
                        ),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        (
                            "form",
                            models.CharField(blank=True, max_length=20, verbose_name="read as"),
                        ),
                        ("size_bytes", models.PositiveIntegerField(verbose_name="size")),
                        ("sha256", models.CharField(max_length=64)),
                        ("original", models.BinaryField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Preview"),
                                    ("done", "Imported"),
                                    ("discarded", "Discarded"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("user_label", models.CharField(max_length=200, verbose_name="who")),
                        (
                            "created_count",
                            models.PositiveIntegerField(default=0, verbose_name="new"),
                        ),
                        (
                            "changed_count",
                            models.PositiveIntegerField(default=0, verbose_name="changed"),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="uploaded",
                            ),
                        ),
                        (
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="imported"),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "spot price import",
                        "verbose_name_plural": "spot price imports",
                        "ordering": ["-created_at", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "-created_at"], name="spot_import_recent_idx"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExchangeRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        (
                            "base",
                            models.CharField(default="EUR", max_length=3, verbose_name="base"),
                        ),
                        ("published_on", models.DateField(verbose_name="published on")),
                        (
                            "rate",
                            models.DecimalField(
                                decimal_places=8, max_digits=16, verbose_name="rate"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("file", "File"),
                                    ("entsoe_file", "ENTSO-E file"),
                                    ("entsoe", "ENTSO-E"),
                                    ("ecb", "European Central Bank"),
                                    ("entered", "Entered by hand"),
                                    ("demo", "Demo data"),
                                ],
                                max_length=12,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "imported_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="imported"
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "spot_import",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rates",
                                to="billing.spotimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exchange rate",
                        "verbose_name_plural": "exchange rates",
                        "ordering": ["-published_on", "currency", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["currency", "published_on"], name="exchange_rate_day_idx"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "currency", "published_on"),
                                name="exchange_rate_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rate__gt", 0)), name="exchange_rate_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("base", "EUR")), name="exchange_rate_base"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="exchange_rate_currency",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpotPrice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "area",
                            models.CharField(
                                choices=[
                                    ("SE1", "SE1"),
                                    ("SE2", "SE2"),
                                    ("SE3", "SE3"),
                                    ("SE4", "SE4"),
                                    ("NO1", "NO1"),
                                    ("NO2", "NO2"),
                                    ("NO3", "NO3"),
                                    ("NO4", "NO4"),
                                    ("NO5", "NO5"),
                                    ("DK1", "DK1"),
                                    ("DK2", "DK2"),
                                    ("FI", "FI"),
                                    ("EE", "EE"),
                                    ("LV", "LV"),
                                    ("LT", "LT"),
                                    ("DE-LU", "DE-LU"),
                                    ("NL", "NL"),
                                    ("BE", "BE"),
                                    ("AT", "AT"),
                                    ("PL", "PL"),
                                    ("FR", "FR"),
                                ],
                                max_length=6,
                                verbose_name="bidding zone",
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(default=15, verbose_name="minutes"),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                decimal_places=6,
                                max_digits=14,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal(-1000)),
                                    django.core.validators.MaxValueValidator(Decimal(10000)),
                                ],
                                verbose_name="price per MWh",
                            ),
                        ),
                        (
                            "currency",
                            models.CharField(default="EUR", max_length=3, verbose_name="currency"),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("file", "File"),
                                    ("entsoe_file", "ENTSO-E file"),
                                    ("entsoe", "ENTSO-E"),
                                    ("ecb", "European Central Bank"),
                                    ("entered", "Entered by hand"),
                                    ("demo", "Demo data"),
                                ],
                                max_length=12,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "imported_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="imported"
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "spot_import",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prices",
                                to="billing.spotimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "spot price",
                        "verbose_name_plural": "spot prices",
                        "ordering": ["-starts_at", "area", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["area", "starts_at"], name="spot_price_area_idx")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("operator", "area", "starts_at"),
                                name="spot_price_once",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency", "EUR")), name="spot_price_currency"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minutes__in", (15, 60))),
                                name="spot_price_minutes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("price__gte", Decimal(-1000)), ("price__lte", Decimal(10000))
                                ),
                                name="spot_price_plausible",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("starts_at__minute__in", (0, 15, 30, 45)),
                                    ("starts_at__second", 0),
                                ),
                                name="spot_price_quarter",
                            ),
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
        search.searchable("billing_tariff", "tariff", ("{}name", "{}public_id", "{}note")),
    ]
