from datetime import timedelta
from uuid import uuid4

from core.models import FormKey
from notifications.models import SweepRun
from portal import tasks


def test_one_failing_clean_up_does_not_keep_the_others_from_their_work(db, now, monkeypatch):
    done = []

    def fails(*, now):
        raise RuntimeError

    def works(*, now):
        done.append(now)

    monkeypatch.setattr(tasks, "CLEAN_UPS", (fails, works))

    tasks.forget_everything(now=now)

    assert done == [now]
    assert SweepRun.objects.get(name="clean_up").ran_at == now


def test_what_is_old_is_forgotten_and_what_is_new_is_kept(db, now):
    old, new = FormKey.objects.create(key=uuid4()), FormKey.objects.create(key=uuid4())
    FormKey.objects.filter(pk=old.pk).update(used_at=now - timedelta(days=3))
    FormKey.objects.filter(pk=new.pk).update(used_at=now)

    tasks.forget_everything(now=now)

    assert list(FormKey.objects.values_list("pk", flat=True)) == [new.pk]


def test_every_clean_up_takes_the_time_and_nothing_else_is_needed(db, now):
    for forget in tasks.CLEAN_UPS:
        forget(now=now)


def test_the_task_runs_without_arguments(db):
    tasks.clean_up()

    assert SweepRun.objects.filter(name="clean_up").count() == 1
