"""Charging bases: frozen by triggers, rows only with their basis."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import customers.basis.models
from billing.payments.guards import only_changes
from core.tenancy import sql

# A basis and its rows are written in one transaction, or not at all.
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


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0019_zip_schedules"),
        ("customers", "0008_residents"),
        ("stations", "0018_meter_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChargingBasis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("net", models.DecimalField(decimal_places=4, max_digits=16, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=4, max_digits=16, verbose_name="VAT")),
                (
                    "gross",
                    models.DecimalField(decimal_places=4, max_digits=16, verbose_name="amount"),
                ),
                ("session_count", models.PositiveIntegerField(verbose_name="sessions")),
                ("unknown_count", models.PositiveIntegerField(verbose_name="sessions of nobody")),
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
                ("to_email", models.EmailField(blank=True, max_length=254, verbose_name="to")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
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
                        condition=models.Q(("month_on__day", 1)), name="charging_basis_month"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                (
                    "object_number",
                    models.CharField(blank=True, max_length=40, verbose_name="object number"),
                ),
                (
                    "apartment",
                    models.CharField(blank=True, max_length=40, verbose_name="apartment"),
                ),
                ("bay", models.CharField(blank=True, max_length=40, verbose_name="bay")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("session_count", models.PositiveIntegerField(verbose_name="sessions")),
                (
                    "energy_wh",
                    models.DecimalField(
                        decimal_places=4, max_digits=18, verbose_name="energy (Wh)"
                    ),
                ),
                ("net", models.DecimalField(decimal_places=4, max_digits=16, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=4, max_digits=16, verbose_name="VAT")),
                (
                    "gross",
                    models.DecimalField(decimal_places=4, max_digits=16, verbose_name="amount"),
                ),
                (
                    "adjustment",
                    models.DecimalField(
                        decimal_places=4, default=0, max_digits=16, verbose_name="of it corrections"
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
                    models.UniqueConstraint(fields=("basis", "resident"), name="basis_row_once"),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.BooleanField(default=True, verbose_name="first row has headings"),
                ),
                ("has_total", models.BooleanField(default=False, verbose_name="last row has sums")),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("net", models.DecimalField(decimal_places=4, max_digits=16, verbose_name="net")),
                ("tax", models.DecimalField(decimal_places=4, max_digits=16, verbose_name="VAT")),
                (
                    "gross",
                    models.DecimalField(decimal_places=4, max_digits=16, verbose_name="amount"),
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
                    models.UniqueConstraint(fields=("session", "number"), name="basis_item_once")
                ],
            },
        ),
        sql.same_operator("customers_basislayout", "site_id", "stations_site"),
        sql.same_operator("customers_chargingbasis", "site_id", "stations_site"),
        sql.same_operator("customers_basisrow", "basis_id", "customers_chargingbasis"),
        sql.same_operator("customers_basisrow", "resident_id", "customers_resident"),
        sql.same_operator("customers_basisitem", "row_id", "customers_basisrow"),
        sql.same_operator("customers_basisitem", "session_id", "stations_session"),
        only_changes("customers_chargingbasis", DELIVERY),
        sql.append_only("customers_basisrow"),
        sql.append_only("customers_basisitem"),
        migrations.RunSQL(TOGETHER, TOGETHER_BACK),
    ]
