import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.form_keys import KEPT, forget_old_keys, once
from core.models import FormKey


@pytest.mark.django_db
def test_a_spent_key_leads_to_the_same_page_and_does_nothing() -> None:
    key, acts = uuid.uuid4(), []

    def act() -> str:
        acts.append("acted")
        return f"/thing/{len(acts)}/"

    first, second = once(key, act), once(key, act)

    assert (first, second, acts) == ("/thing/1/", "/thing/1/", ["acted"])


@pytest.mark.django_db(transaction=True)
def test_a_failed_act_leaves_the_key_unspent() -> None:
    key = uuid.uuid4()

    def fail() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(key, fail)

    assert once(key, lambda: "/done/") == "/done/"


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_act_once() -> None:
    key, acts, answers = uuid.uuid4(), [], []
    gate = threading.Barrier(20)

    def send() -> None:
        gate.wait()

        def act() -> str:
            acts.append("acted")
            return "/thing/"

        try:
            answers.append(once(key, act))
        finally:
            connection.close()

    senders = [threading.Thread(target=send) for _ in range(20)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert (acts, answers) == (["acted"], ["/thing/"] * 20)


@pytest.mark.django_db
def test_old_keys_are_forgotten() -> None:
    once(uuid.uuid4(), lambda: "/old/")
    now = timezone.now()

    early = forget_old_keys(now=now)
    late = forget_old_keys(now=now + KEPT + timedelta(seconds=1))

    assert (early, late, FormKey.objects.count()) == (0, 1, 0)
