from django.db import migrations, models
from django.db.models import F

MODELS = ("Module", "Lesson")


def stand_at_their_number(apps, schema_editor):
    for name in MODELS:
        apps.get_model("training", name)._base_manager.update(position=F("number"))


def place(**options):
    return models.PositiveSmallIntegerField(editable=False, verbose_name="place", **options)


class Migration(migrations.Migration):

    dependencies = [
        ("training", "0004_media"),
    ]

    operations = [
        *(migrations.AddField(name.lower(), "position", place(null=True)) for name in MODELS),
        migrations.RunPython(stand_at_their_number, migrations.RunPython.noop),
        *(migrations.AlterField(name.lower(), "position", place()) for name in MODELS),
        migrations.AlterModelOptions(
            name="module",
            options={
                "ordering": ("course", "position"),
                "verbose_name": "module",
                "verbose_name_plural": "modules",
            },
        ),
        migrations.AlterModelOptions(
            name="lesson",
            options={
                "ordering": ("module", "position"),
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
            },
        ),
        *(
            migrations.AddConstraint(
                model_name=name,
                constraint=models.UniqueConstraint(
                    deferrable=models.Deferrable.DEFERRED,
                    fields=(parent, "position"),
                    name=f"{name}_position_once",
                ),
            )
            for name, parent in (("module", "course"), ("lesson", "module"))
        ),
    ]
