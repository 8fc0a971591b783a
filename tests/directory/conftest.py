"""The real directory, for tests that look for real towns."""

import pytest
from django.db import connection, transaction

from directory.loading import load_directory


@pytest.fixture(scope="module")
def real_directory(django_db_setup, django_db_blocker):
    """The report of loading the committed place file, once for all tests of a module; thrown away after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        report = load_directory()
        # Else every test of the module checks the keys of all rows once more when it ends: 10 to 20 seconds.
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE directory_municipality")
        yield report
        transaction.set_rollback(True)
