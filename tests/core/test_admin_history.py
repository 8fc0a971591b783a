"""What the admin's history says of a change."""

import pytest
from django.contrib.admin.models import LogEntry

from core.admin_history import around
from tests.conftest import signed_in
from tests.factories.training import CourseFactory, ModuleFactory


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Ulm", "Neu-Ulm", ("Ulm", "Neu-Ulm")),
        ("", "Neu", ("", "Neu")),
        ("aaa", "aaaa", ("aaa", "aaaa")),
        (f"{'x' * 50} alt {'y' * 50}", f"{'x' * 50} neu {'y' * 50}", None),
    ],
)
def test_only_what_differs_is_shown(before: str, after: str, shown: tuple[str, str] | None) -> None:
    found = around(before, after)

    if shown is None:
        shown = (f"…{'x' * 29} alt {'y' * 29}…", f"…{'x' * 29} neu {'y' * 29}…")
    assert found == shown


def test_a_long_change_is_cut() -> None:
    _before, after = around("kurz", "z" * 5000)

    assert after == "z" * 200 + "…"


@pytest.mark.django_db
def test_the_history_of_a_course_says_before_and_after(admin) -> None:
    course = ModuleFactory(course=CourseFactory(slug="kurs", title_de="Alt", title_en="Old")).course
    client = signed_in(admin, "en")
    address = f"/admin/training/course/{course.pk}/change/"
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None or value is False else value for name, value in data.items()}
    data |= {"title_en": "New", "base_version": form.initial["base_version"]}
    for name in ("enrol_from", "enrol_until"):
        data |= {f"{name}_0": "", f"{name}_1": ""}

    answer = client.post(address, data)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    said = LogEntry.objects.get().get_change_message()
    assert "“Old” → “New”" in said
    assert "base_version" not in said
    assert "Alt" not in said
    assert "“Old” → “New”" in client.get(f"/admin/training/course/{course.pk}/history/").content.decode()
