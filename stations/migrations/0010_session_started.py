"""Sessions of a period are found by when they began (reports, the list's filter and order)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # An index on a large table is built beside the work that goes on.
    atomic = False

    dependencies = [("stations", "0009_unit_quirks")]

    operations = [
        AddIndexConcurrently(
            model_name="session",
            index=models.Index(fields=["operator", "-started_at"], name="session_started_idx"),
        ),
    ]
