from django.db import migrations


class Migration(migrations.Migration):
    """Each reminder is noted in its registration: with room left in a page PostgreSQL need not touch the indexes."""

    dependencies = [("webinars", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE webinars_registration SET (fillfactor = 70)",
            "ALTER TABLE webinars_registration RESET (fillfactor)",
        )
    ]
