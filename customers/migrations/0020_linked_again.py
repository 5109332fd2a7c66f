"""A caller who has been told can be linked to the incident again once it is opened again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0019_guests_at_terminals")]

    operations = [
        migrations.RemoveConstraint(model_name="caseincident", name="case_incident_once"),
        migrations.AddConstraint(
            model_name="caseincident",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("case", "incident"),
                name="case_incident_once",
            ),
        ),
    ]
