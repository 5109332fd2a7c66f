"""Bays and residents: one resident in a bay at a time, in a bay of the site."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models

from core.search import sql as search
from core.tenancy import sql

# The bay of a resident is one of the resident's site.
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


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0017_idle_notices"),
        ("core", "0019_zip_schedules"),
        ("customers", "0007_money_limits"),
        ("stations", "0018_meter_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bay",
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
                ("name", models.CharField(max_length=40, verbose_name="bay")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(max_length=24, unique=True, verbose_name="public id"),
                ),
                (
                    "object_number",
                    models.CharField(blank=True, max_length=40, verbose_name="object number"),
                ),
                (
                    "apartment",
                    models.CharField(blank=True, max_length=40, verbose_name="apartment"),
                ),
                (
                    "waits_since_on",
                    models.DateField(blank=True, null=True, verbose_name="waits for a bay since"),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("valid_from_on", models.DateField(blank=True, null=True, verbose_name="moved in")),
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
                        condition=models.Q(("name", ""), _negated=True), name="resident_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("final_bill", ""), ("valid_until_on__isnull", False), _connector="OR"
                        ),
                        name="resident_final_bill",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bay__isnull", True), ("waits_since_on__isnull", True), _connector="OR"
                        ),
                        name="resident_waits_without_bay",
                    ),
                ],
            },
        ),
        sql.same_operator("customers_bay", "site_id", "stations_site"),
        sql.same_operator("customers_bay", "evse_id", "stations_evse"),
        sql.same_operator("customers_resident", "site_id", "stations_site"),
        sql.same_operator("customers_resident", "bay_id", "customers_bay"),
        sql.same_operator("customers_resident", "driver_id", "customers_driver"),
        sql.same_operator("customers_resident", "account_id", "billing_billingaccount"),
        sql.no_overlap("customers_resident", "bay_id", "customers_bay"),
        migrations.RunSQL(SAME_SITE, SAME_SITE_BACK),
        search.searchable("customers_resident", "resident", SEARCHED),
    ]
