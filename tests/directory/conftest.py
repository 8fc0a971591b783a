"""The real directory, for tests that look for real towns."""

import pytest
from django.db import connection, transaction

from directory.loading import load_directory


@pytest.fixture(scope="module")
def real_directory(django_db_setup, django_db_blocker):
    """The committed place file, loaded once for all tests of a module and thrown away after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_directory()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE directory_municipality")
        yield
        transaction.set_rollback(True)
