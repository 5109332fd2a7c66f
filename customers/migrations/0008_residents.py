"""Residents, their bays, charging bases for landlords."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

import customers.basis.models
from billing.payments.guards import only_changes
from core.migrating import CreateModels
from core.search import sql as search
from core.tenancy import sql

SAME_SITE = """
CREATE FUNCTION customers_resident_bay_site() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT site_id FROM customers_bay WHERE id = NEW.bay_id) IS DISTINCT FROM NEW.site_id THEN
    RAISE EXCEPTION 'customers_resident.bay_id points at a bay of another site'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER customers_resident_bay_site BEFORE INSERT OR UPDATE OF bay_id, site_id
  ON customers_resident FOR EACH ROW WHEN (NEW.bay_id IS NOT NULL)
  EXECUTE FUNCTION customers_resident_bay_site();
"""

SAME_SITE_BACK = """
DROP TRIGGER customers_resident_bay_site ON customers_resident;
DROP FUNCTION customers_resident_bay_site();
"""

SEARCHED = ("{}name", "{}public_id", "{}email", "{}phone", "{}apartment", "{}object_number")

TOGETHER = """
CREATE FUNCTION customers_chargingbasis_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.stored_at := transaction_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER customers_chargingbasis_stored BEFORE INSERT ON customers_chargingbasis
  FOR EACH ROW EXECUTE FUNCTION customers_chargingbasis_stored();
CREATE FUNCTION customers_basisrow_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT stored_at FROM customers_chargingbasis WHERE id = NEW.basis_id)
     IS DISTINCT FROM transaction_timestamp() THEN
    RAISE EXCEPTION 'the charging basis is frozen'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER customers_basisrow_together BEFORE INSERT ON customers_basisrow
  FOR EACH ROW EXECUTE FUNCTION customers_basisrow_together();
CREATE FUNCTION customers_basisitem_together() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT b.stored_at FROM customers_basisrow r
      JOIN customers_chargingbasis b ON b.id = r.basis_id WHERE r.id = NEW.row_id)
     IS DISTINCT FROM transaction_timestamp() THEN
    RAISE EXCEPTION 'the charging basis is frozen'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER customers_basisitem_together BEFORE INSERT ON customers_basisitem
  FOR EACH ROW EXECUTE FUNCTION customers_basisitem_together();
"""

TOGETHER_BACK = """
DROP TRIGGER customers_chargingbasis_stored ON customers_chargingbasis;
DROP FUNCTION customers_chargingbasis_stored();
DROP TRIGGER customers_basisrow_together ON customers_basisrow;
DROP FUNCTION customers_basisrow_together();
DROP TRIGGER customers_basisitem_together ON customers_basisitem;
DROP FUNCTION customers_basisitem_together();
"""

DELIVERY = ("delivery", "to_email", "attempts", "next_at", "sent_at", "error")

KEYS = {
    "customers_bay": {
        "site_id": "stations_site",
        "evse_id": "stations_evse",
    },
    "customers_resident": {
        "site_id": "stations_site",
        "bay_id": "customers_bay",
        "driver_id": "customers_driver",
        "account_id": "billing_billingaccount",
    },
    "customers_basislayout": {
        "site_id": "stations_site",
    },
    "customers_chargingbasis": {
        "site_id": "stations_site",
    },
    "customers_basisrow": {
        "basis_id": "customers_chargingbasis",
        "resident_id": "customers_resident",
    },
    "customers_basisitem": {
        "row_id": "customers_basisrow",
        "session_id": "stations_session",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_accounts"),
        ("core", "0001_initial"),
        ("customers", "0004_support_cases"),
        ("stations", "0002_journals"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Bay",
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
                        ("name", models.CharField(max_length=40, verbose_name="bay")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "evse",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="bay",
                                to="stations.evse",
                                verbose_name="EVSE",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bays",
                                to="stations.site",
                                verbose_name="site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "bay",
                        "verbose_name_plural": "bays",
                        "ordering": ["site_id", "name", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                models.F("site"),
                                django.db.models.functions.text.Lower("name"),
                                name="bay_name_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True), name="bay_name"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Resident",
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
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="created",
                            ),
                        ),
                        (
                            "public_id",
                            models.CharField(max_length=24, unique=True, verbose_name="public id"),
                        ),
                        (
                            "object_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="object number"
                            ),
                        ),
                        (
                            "apartment",
                            models.CharField(blank=True, max_length=40, verbose_name="apartment"),
                        ),
                        (
                            "waits_since_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="waits for a bay since"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "email",
                            models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
                        ),
                        (
                            "phone",
                            models.CharField(blank=True, max_length=40, verbose_name="phone"),
                        ),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "valid_from_on",
                            models.DateField(blank=True, null=True, verbose_name="moved in"),
                        ),
                        (
                            "valid_until_on",
                            models.DateField(blank=True, null=True, verbose_name="moved out"),
                        ),
                        (
                            "final_bill",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "None"),
                                    ("due", "To be made"),
                                    ("made", "Made"),
                                    ("nothing", "Nothing was due"),
                                ],
                                default="",
                                max_length=8,
                                verbose_name="final bill",
                            ),
                        ),
                        ("final_runs", models.JSONField(blank=True, default=list)),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                        (
                            "account",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="residents",
                                to="billing.billingaccount",
                                verbose_name="billing account",
                            ),
                        ),
                        (
                            "bay",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="residents",
                                to="customers.bay",
                                verbose_name="bay",
                            ),
                        ),
                        (
                            "driver",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="residences",
                                to="customers.driver",
                                verbose_name="driver",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="residents",
                                to="stations.site",
                                verbose_name="site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "resident",
                        "verbose_name_plural": "residents",
                        "ordering": ["site_id", "apartment", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(fields=["operator", "name"], name="resident_name_idx"),
                            models.Index(
                                condition=models.Q(("final_bill", "due")),
                                fields=["valid_until_on"],
                                name="resident_final_bill_idx",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from_on__isnull", True),
                                    ("valid_until_on__isnull", True),
                                    ("valid_until_on__gte", models.F("valid_from_on")),
                                    _connector="OR",
                                ),
                                name="resident_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="resident_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("final_bill", ""),
                                    ("valid_until_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="resident_final_bill",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("bay__isnull", True),
                                    ("waits_since_on__isnull", True),
                                    _connector="OR",
                                ),
                                name="resident_waits_without_bay",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ChargingBasis",
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
                        ("month_on", models.DateField(verbose_name="month")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("is_taxed", models.BooleanField(verbose_name="amounts hold VAT")),
                        (
                            "energy_wh",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, verbose_name="energy (Wh)"
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="VAT"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        ("session_count", models.PositiveIntegerField(verbose_name="sessions")),
                        (
                            "unknown_count",
                            models.PositiveIntegerField(verbose_name="sessions of nobody"),
                        ),
                        ("file_name", models.CharField(max_length=150, verbose_name="file")),
                        ("file_path", models.CharField(editable=False, max_length=200)),
                        ("file_sha256", models.CharField(editable=False, max_length=64)),
                        ("layout", models.JSONField(default=dict)),
                        ("frozen_at", models.DateTimeField(verbose_name="frozen")),
                        (
                            "frozen_label",
                            models.CharField(blank=True, max_length=200, verbose_name="frozen by"),
                        ),
                        ("stored_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "delivery",
                            models.CharField(
                                choices=[
                                    ("none", "Not sent by mail"),
                                    ("waiting", "Waits to be sent"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("failed", "Failed"),
                                ],
                                default="none",
                                max_length=8,
                                verbose_name="delivery",
                            ),
                        ),
                        (
                            "to_email",
                            models.EmailField(blank=True, max_length=254, verbose_name="to"),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="sent"),
                        ),
                        (
                            "error",
                            models.CharField(blank=True, max_length=500, verbose_name="error"),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bases",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "charging basis",
                        "verbose_name_plural": "charging bases",
                        "ordering": ["-month_on", "-id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("delivery", "waiting")),
                                fields=["next_at"],
                                name="charging_basis_waits_idx",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "month_on", "currency"), name="charging_basis_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="charging_basis_sums",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month_on__day", 1)),
                                name="charging_basis_month",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_taxed", True), ("tax", 0), _connector="OR"),
                                name="charging_basis_untaxed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BasisRow",
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
                        ("position", models.PositiveIntegerField()),
                        (
                            "object_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="object number"
                            ),
                        ),
                        (
                            "apartment",
                            models.CharField(blank=True, max_length=40, verbose_name="apartment"),
                        ),
                        ("bay", models.CharField(blank=True, max_length=40, verbose_name="bay")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "email",
                            models.CharField(blank=True, max_length=254, verbose_name="e-mail"),
                        ),
                        ("session_count", models.PositiveIntegerField(verbose_name="sessions")),
                        (
                            "energy_wh",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, verbose_name="energy (Wh)"
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="VAT"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        (
                            "adjustment",
                            models.DecimalField(
                                decimal_places=4,
                                default=0,
                                max_digits=16,
                                verbose_name="of it corrections",
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "resident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="basis_rows",
                                to="customers.resident",
                            ),
                        ),
                        (
                            "basis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="customers.chargingbasis",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of a charging basis",
                        "verbose_name_plural": "rows of charging bases",
                        "ordering": ["basis_id", "position"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("basis", "resident"), name="basis_row_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "+", models.F("tax")
                                        ),
                                    )
                                ),
                                name="basis_row_sums",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BasisLayout",
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
                            "file_format",
                            models.CharField(
                                choices=[("csv", "CSV"), ("xlsx", "XLSX")],
                                default="csv",
                                max_length=4,
                                verbose_name="format",
                            ),
                        ),
                        (
                            "columns",
                            models.JSONField(
                                default=customers.basis.models.usual_columns, verbose_name="columns"
                            ),
                        ),
                        (
                            "has_headings",
                            models.BooleanField(
                                default=True, verbose_name="first row has headings"
                            ),
                        ),
                        (
                            "has_total",
                            models.BooleanField(default=False, verbose_name="last row has sums"),
                        ),
                        (
                            "separator",
                            models.CharField(
                                choices=[(";", "Semicolon"), (",", "Comma"), ("\t", "Tab")],
                                default=";",
                                max_length=1,
                                verbose_name="separator",
                            ),
                        ),
                        (
                            "decimal_sign",
                            models.CharField(
                                choices=[(",", "Comma"), (".", "Point")],
                                default=",",
                                max_length=1,
                                verbose_name="decimal sign",
                            ),
                        ),
                        (
                            "encoding",
                            models.CharField(
                                choices=[("utf-8", "UTF-8"), ("cp1252", "Windows (CP1252)")],
                                default="utf-8",
                                max_length=8,
                                verbose_name="letters",
                            ),
                        ),
                        (
                            "text",
                            models.CharField(
                                blank=True,
                                default="Elbilsladdning {month}",
                                help_text="{month} becomes the month, as in 2026-11.",
                                max_length=80,
                                verbose_name="text of each row",
                            ),
                        ),
                        (
                            "send_day",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="sent by itself on day"
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
                            "site",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="basis_layout",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "layout of a charging basis",
                        "verbose_name_plural": "layouts of charging bases",
                        "ordering": ["site_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("send_day__isnull", True),
                                    models.Q(("send_day__gte", 1), ("send_day__lte", 28)),
                                    _connector="OR",
                                ),
                                name="basis_layout_day",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BasisItem",
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
                        ("number", models.PositiveSmallIntegerField()),
                        ("delivered_on", models.DateField(verbose_name="day")),
                        (
                            "energy_wh",
                            models.DecimalField(
                                decimal_places=4, max_digits=18, verbose_name="energy (Wh)"
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="VAT"
                            ),
                        ),
                        (
                            "gross",
                            models.DecimalField(
                                decimal_places=4, max_digits=16, verbose_name="amount"
                            ),
                        ),
                        (
                            "operator",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core.operator",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="basis_items",
                                to="stations.session",
                            ),
                        ),
                        (
                            "row",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items",
                                to="customers.basisrow",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "item of a charging basis",
                        "verbose_name_plural": "items of charging bases",
                        "ordering": ["row_id", "delivered_on", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "number"), name="basis_item_once"
                            )
                        ],
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        sql.no_overlap("customers_resident", "bay_id", "customers_bay"),
        migrations.RunSQL(SAME_SITE, SAME_SITE_BACK),
        search.searchable("customers_resident", "resident", SEARCHED),
        only_changes("customers_chargingbasis", DELIVERY),
        sql.append_only("customers_basisrow"),
        sql.append_only("customers_basisitem"),
        migrations.RunSQL(TOGETHER, TOGETHER_BACK),
    ]
