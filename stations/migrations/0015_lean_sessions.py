"""What the bridge writes for every message and session carries no check or index twice."""

import django.db.models.deletion
from django.db import migrations, models

from core.tenancy import sql


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0016_search_fill"),
        ("stations", "0014_search_later"),
    ]

    operations = [
        migrations.AlterField(
            model_name="authorisationattempt",
            name="operator",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.operator",
            ),
        ),
        migrations.AlterField(
            model_name="authorisationattempt",
            name="station",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="stations.station",
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="operator",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.operator",
            ),
        ),
        migrations.AlterField(
            model_name="session",
            name="public_id",
            field=models.CharField(max_length=24, verbose_name="public id"),
        ),
        migrations.AlterField(
            model_name="session",
            name="station",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="stations.station",
            ),
        ),
        migrations.AlterField(
            model_name="sessionfact",
            name="operator",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.operator",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                fields=("public_id",), name="session_public_id_once"
            ),
        ),
        sql.same_operator_in_bulk(
            "stations_session",
            [("station_id", "stations_station"), ("evse_id", "stations_evse")],
        ),
        sql.same_operator_in_bulk(
            "stations_sessionfact",
            [("station_id", "stations_station"), ("session_id", "stations_session")],
        ),
        sql.same_operator_in_bulk(
            "stations_authorisationattempt", [("station_id", "stations_station")]
        ),
    ]
