import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE discussions_post post SET group_id = topic.group_id
FROM discussions_topic topic WHERE topic.id = post.topic_id
"""
# A table with changed rows cannot be altered before its deferred checks have run.
NOW = "SET CONSTRAINTS ALL IMMEDIATE"
WORDS = django.contrib.postgres.search.SearchVector("search_text", config="simple")


class Migration(migrations.Migration):
    dependencies = [("discussions", "0001_initial")]

    operations = [
        migrations.AddField(
            "post",
            "group",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="posts",
                to="discussions.group",
                verbose_name="group",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(NOW, migrations.RunSQL.noop),
        migrations.AlterField(
            "post",
            "group",
            models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="posts",
                to="discussions.group",
                verbose_name="group",
            ),
        ),
        migrations.AddIndex(
            "post", models.Index(fields=["group", "-posted_at", "-id"], name="posts_of_a_group")
        ),
        migrations.AddIndex(
            "topic", models.Index(fields=["group", "-last_post_at", "-id"], name="newest_topics_of_a_group")
        ),
        migrations.AddIndex("post", django.contrib.postgres.indexes.GinIndex(WORDS, name="post_words")),
        migrations.AddIndex("topic", django.contrib.postgres.indexes.GinIndex(WORDS, name="topic_words")),
    ]
