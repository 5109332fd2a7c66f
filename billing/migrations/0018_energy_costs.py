"""What a site's electricity cost, and what is disclosed of it."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.migrating import CreateModels
from core.tenancy import sql

STAYS = migrations.RunSQL(
    """
CREATE FUNCTION billing_energycost_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['settled_in', 'note', 'updated_at'];
BEGIN
  IF OLD.settled_in <> '' AND coalesce(current_setting('portal.maintenance', true), '') <> 'on'
     AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may) THEN
    RAISE EXCEPTION 'a settled energy cost stays as it is: % refused', TG_OP
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'energy_cost_stays';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER billing_energycost_stays BEFORE UPDATE OR DELETE ON billing_energycost
  FOR EACH ROW EXECUTE FUNCTION billing_energycost_stays();
""",
    "DROP TRIGGER billing_energycost_stays ON billing_energycost;"
    "DROP FUNCTION billing_energycost_stays();",
)

KEYS = {
    "billing_energycost": {
        "site_id": "stations_site",
    },
    "billing_costdisclosure": {
        "site_id": "stations_site",
    },
}


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0016_dunning"),
        ("core", "0001_initial"),
        ("stations", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="EnergyCost",
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
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("electricity", "Electricity"),
                                    ("grid", "Grid"),
                                    ("power", "Power fee"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("supplier", models.CharField(max_length=120, verbose_name="supplier")),
                        (
                            "invoice_number",
                            models.CharField(
                                max_length=60, verbose_name="supplier's invoice number"
                            ),
                        ),
                        (
                            "invoiced_on",
                            models.DateField(blank=True, null=True, verbose_name="invoiced"),
                        ),
                        (
                            "energy_kwh",
                            models.DecimalField(
                                blank=True,
                                decimal_places=3,
                                max_digits=14,
                                null=True,
                                verbose_name="energy (kWh)",
                            ),
                        ),
                        (
                            "net",
                            models.DecimalField(
                                decimal_places=2, max_digits=14, verbose_name="net"
                            ),
                        ),
                        (
                            "tax",
                            models.DecimalField(
                                decimal_places=2, max_digits=14, verbose_name="VAT"
                            ),
                        ),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                        (
                            "settled_in",
                            models.CharField(
                                blank=True, editable=False, max_length=60, verbose_name="settled in"
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
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="energy_costs",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "energy cost",
                        "verbose_name_plural": "energy costs",
                        "ordering": ["-month_on", "site_id", "id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                        "indexes": [
                            models.Index(
                                fields=["operator", "month_on"], name="energy_cost_month_idx"
                            ),
                            models.Index(
                                condition=models.Q(("settled_in", ""), _negated=True),
                                fields=["operator", "settled_in"],
                                name="energy_cost_settled_idx",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "month_on", "kind", "supplier", "invoice_number"),
                                name="energy_cost_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month_on__day", 1)), name="energy_cost_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("supplier", ""), _negated=True),
                                    models.Q(("invoice_number", ""), _negated=True),
                                ),
                                name="energy_cost_named",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                                name="energy_cost_currency",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "power"), _negated=True),
                                    ("energy_kwh__isnull", True),
                                    _connector="OR",
                                ),
                                name="energy_cost_power_has_none",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "electricity"), _negated=True),
                                    ("energy_kwh__isnull", False),
                                    _connector="OR",
                                ),
                                name="energy_cost_electricity_has_energy",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CostDisclosure",
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
                            "is_shown",
                            models.BooleanField(default=False, verbose_name="shown to the host"),
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cost_disclosure",
                                to="stations.site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "disclosure of energy costs",
                        "verbose_name_plural": "disclosures of energy costs",
                        "ordering": ["site_id"],
                        "abstract": False,
                        "base_manager_name": "objects",
                    },
                ),
            ]
        ),
        *sql.same_operators(KEYS),
        STAYS,
    ]
