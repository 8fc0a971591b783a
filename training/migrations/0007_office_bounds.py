import core.typed_days
import datetime
import django.core.validators
from django.db import migrations, models

from core.typed_days import END, FIRST_MOMENT


def forget_other_times(apps, schema_editor):
    """They came from years that were not typed to their end; such a course opens no page."""
    courses = apps.get_model("training", "Course")._base_manager
    for name in ("enrol_from", "enrol_until"):
        courses.filter(**{f"{name}__lt": FIRST_MOMENT}).update(**{name: None})
        courses.filter(**{f"{name}__gte": END}).update(**{name: None})


class Migration(migrations.Migration):

    dependencies = [
        ('discussions', '0002_posts_know_their_group'),
        ('training', '0006_strategy_pages'),
    ]

    operations = [
        migrations.AlterField(
            model_name='course',
            name='enrol_from',
            field=models.DateTimeField(blank=True, null=True, validators=[core.typed_days.of_our_time], verbose_name='enrolment opens'),
        ),
        migrations.AlterField(
            model_name='course',
            name='enrol_until',
            field=models.DateTimeField(blank=True, null=True, validators=[core.typed_days.of_our_time], verbose_name='enrolment closes'),
        ),
        migrations.AlterField(
            model_name='course',
            name='seats',
            field=models.PositiveIntegerField(blank=True, help_text='Empty: no limit.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='seats'),
        ),
        migrations.RunPython(forget_other_times, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(('enrol_from', None), models.Q(('enrol_from__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('enrol_from__lt', datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='course_enrol_from_is_of_our_time', violation_error_message='Enrolment has to open and close between 2000 and 2100.'),
        ),
        migrations.AddConstraint(
            model_name='course',
            constraint=models.CheckConstraint(condition=models.Q(('enrol_until', None), models.Q(('enrol_until__gte', datetime.datetime(2000, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)), ('enrol_until__lt', datetime.datetime(2101, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))), _connector='OR'), name='course_enrol_until_is_of_our_time', violation_error_message='Enrolment has to open and close between 2000 and 2100.'),
        ),
        migrations.AlterConstraint(
            model_name='course',
            name='course_enrolment_ends_after_it_begins',
            constraint=models.CheckConstraint(condition=models.Q(('enrol_from', None), ('enrol_until', None), ('enrol_until__gt', models.F('enrol_from')), _connector='OR'), name='course_enrolment_ends_after_it_begins', violation_error_message='Enrolment must close after it has opened.'),
        ),
        migrations.AlterConstraint(
            model_name='lesson',
            name='lesson_has_at_most_one_video',
            constraint=models.CheckConstraint(condition=models.Q(('video_url', ''), ('video_file', ''), _connector='OR'), name='lesson_has_at_most_one_video', violation_error_message='A lesson has at most one video.'),
        ),
    ]
