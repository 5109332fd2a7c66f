"""Tables of maintenance that nothing wrote, with the guards of their keys."""

from django.db import migrations, models

from core.tenancy import sql

KEYS = [
    ("stations_workorder", "plan_id", "stations_maintenanceplan"),
    ("stations_workorder", "verified_session_id", "stations_session"),
    ("stations_escalationstep", "agreement_id", "stations_serviceagreement"),
    ("stations_slawarning", "order_id", "stations_workorder"),
    ("stations_worktime", "order_id", "stations_workorder"),
    ("stations_maintenanceplan", "hardware_model_id", "stations_hardwaremodel"),
    ("stations_maintenanceplan", "site_id", "stations_site"),
    ("stations_maintenanceplan", "partner_id", "stations_partner"),
    ("stations_maintenanceplan", "checklist_id", "stations_checklist"),
    ("stations_planstation", "plan_id", "stations_maintenanceplan"),
    ("stations_planstation", "station_id", "stations_station"),
    ("stations_planstation", "order_id", "stations_workorder"),
    ("stations_stationwarranty", "station_id", "stations_station"),
    ("stations_stationwarranty", "supplier_id", "stations_partner"),
    ("stations_calendarfeed", "membership_id", "core_membership"),
    ("stations_sitestatuspage", "site_id", "stations_site"),
]


def without_guard(table: str, column: str, target: str) -> migrations.RunSQL:
    """Take back ``sql.same_operator``."""
    made = sql.same_operator(table, column, target)
    return migrations.RunSQL(made.reverse_sql, made.sql)


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0024_maintenance"),
    ]

    operations = [
        *(without_guard(*key) for key in KEYS),
        migrations.RemoveField(model_name="workorder", name="plan"),
        migrations.RemoveField(model_name="workorder", name="trip"),
        migrations.RemoveField(model_name="workorder", name="verified_session"),
        migrations.DeleteModel(name="PlanStation"),
        migrations.DeleteModel(name="MaintenancePlan"),
        migrations.DeleteModel(name="StationWarranty"),
        migrations.DeleteModel(name="CalendarFeed"),
        migrations.DeleteModel(name="SiteStatusPage"),
        migrations.DeleteModel(name="EscalationStep"),
        migrations.DeleteModel(name="SlaWarning"),
        migrations.DeleteModel(name="WorkTime"),
        migrations.AlterField(
            model_name="orderentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("state", "State"),
                    ("assigned", "Assigned"),
                    ("changed", "Changed"),
                    ("note", "Note"),
                    ("pause", "Clock"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="workorder",
            name="public_note",
            field=models.CharField(blank=True, max_length=300, verbose_name="notice for drivers"),
        ),
        migrations.AlterField(
            model_name="workorder",
            name="source",
            field=models.CharField(
                choices=[
                    ("incident", "Incident"),
                    ("report", "Driver's report"),
                    ("hand", "By hand"),
                ],
                default="hand",
                max_length=10,
                verbose_name="source",
            ),
        ),
    ]
