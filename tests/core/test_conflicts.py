"""Two people edit one thing: the second sees both texts."""

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from core.conflicts import (
    Difference,
    EditConflict,
    VersionedForm,
    VersionField,
    based_on,
    check_version,
    conflict_with,
    differences,
    in_words,
)
from directory.models import Organisation


class NoteForm(forms.Form):
    title = forms.CharField(label="Title")
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("Group", [("a", "First")]), ("b", "Second")])
    languages = forms.MultipleChoiceField(
        label="Languages", choices=[("de", "German"), ("hu", "Hungarian")], required=False
    )
    is_open = forms.BooleanField(label="Open", required=False)
    base_version = VersionField()


def sent(**changes: object) -> NoteForm:
    data = QueryDict(mutable=True)
    values = {"title": "Mine", "text": "A\r\nB", "kind": "a", "languages": ["hu", "de"], "base_version": "1"}
    for name, value in {**values, **changes}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = NoteForm(data)
    assert form.is_valid()
    return form


ROW = {"title": "Mine", "text": "A\nB", "kind": "a", "languages": ["de", "hu"], "is_open": False}


class Row:
    version = 3


def test_the_present_version_may_be_saved_an_older_one_may_not() -> None:
    check_version(Row(), 3)

    with pytest.raises(EditConflict):
        check_version(Row(), 2)


def test_what_is_the_same_in_both_is_left_out() -> None:
    """Also where the browser sent other line ends, or ticks in another order."""
    assert conflict_with(sent(), now=ROW, version=3) == []


def test_what_differs_is_shown_in_words() -> None:
    now = {"title": "Theirs", "text": "", "kind": "b", "languages": ["de"], "is_open": True}

    with translation.override("en"):
        found = conflict_with(sent(), now=now, version=3)

    assert found == [
        Difference("Title", "Theirs", "Mine"),
        Difference("Text", "empty", "A\nB"),
        Difference("Kind", "Second", "First"),
        Difference("Languages", "German", "Hungarian, German"),
        Difference("Open", "yes", "no"),
    ]


def test_the_form_shown_again_keeps_what_was_typed_and_is_of_the_present_version() -> None:
    form = sent(title="Typed with care")

    conflict_with(form, now=ROW, version=7)

    assert (form["title"].value(), form["base_version"].value()) == ("Typed with care", "7")


class TestUntouchedFields:
    """Both have opened the page when it said ROW; the other one has saved first."""

    NOW = {"title": "Theirs", "text": "Theirs, too", "kind": "b", "languages": ["de"], "is_open": True}

    def test_show_the_newer_text_and_are_not_asked_about(self) -> None:
        form = sent(text="A and mine", base_version=based_on(1, ROW))

        with translation.override("en"):
            found = conflict_with(form, now=self.NOW, version=2)

        assert found == [Difference("Text", "Theirs, too", "A and mine")]
        again = {name: form[name].value() for name in ROW}
        assert again == {**self.NOW, "text": "A and mine"}

    def test_the_form_saved_again_changes_only_what_was_typed(self) -> None:
        form = sent(text="A and mine", base_version=based_on(1, ROW))
        conflict_with(form, now=self.NOW, version=2)

        again = NoteForm(form.data)

        assert again.is_valid()
        assert {name: again.cleaned_data[name] for name in ROW} == {**self.NOW, "text": "A and mine"}
        assert again.cleaned_data["base_version"] == 2

    def test_a_third_editor_is_merged_just_so(self) -> None:
        form = sent(text="A and mine", base_version=based_on(1, ROW))
        conflict_with(form, now=self.NOW, version=2)
        again = NoteForm(form.data)
        assert again.is_valid()

        conflict_with(again, now={**self.NOW, "title": "Third"}, version=3)

        assert (again["title"].value(), again["text"].value()) == ("Third", "A and mine")

    def test_without_marks_everything_typed_stays(self) -> None:
        form = sent(text="A and mine")

        conflict_with(form, now=self.NOW, version=2)

        assert (form["title"].value(), form["base_version"].value()) == ("Mine", "2")

    @pytest.mark.parametrize("value", ["", "x", "-1", "1.5 a=b", " ", "a=b"])
    def test_a_version_that_is_none_is_refused(self, value: str) -> None:
        assert not NoteForm({"title": "a", "kind": "a", "base_version": value}).is_valid()


def test_values_of_several_forms_are_compared_field_by_field() -> None:
    fields = {"a": forms.CharField(label="A"), "b": forms.CharField()}

    found = differences(fields, now={"a": "1", "b": "2"}, typed={"a": "1", "b": "3"})

    assert found == [Difference("b", "2", "3")]


def test_a_row_is_called_by_its_name() -> None:
    assert (
        in_words(forms.ModelChoiceField(Organisation.objects.none()), Organisation(name="Verein")) == "Verein"
    )


def test_the_page_shows_both_texts_and_escapes_them() -> None:
    items = [Difference("Text", "<b>there</b>", "typed\nhere")]

    with translation.override("en"):
        html = render_to_string("components/conflict.html", {"items": items, "page_url": "/there/"})

    assert "&lt;b&gt;there&lt;/b&gt;" in html
    assert "typed<br>here" in html
    assert '<a href="/there/">Leave it as it is now</a>' in html


class OrganisationForm(VersionedForm):
    class Meta:
        model = Organisation
        fields = ("name", "website")
        field_classes = {"website": forms.CharField}


@pytest.mark.django_db
class TestInTheAdmin:
    @pytest.fixture
    def row(self) -> Organisation:
        return Organisation.objects.create(slug="verein", name="Verein", type="association", version=4)

    def test_nobody_else_saved(self, row: Organisation) -> None:
        form = OrganisationForm({"name": "New", "website": "", "base_version": "4"}, instance=row)

        assert form.is_valid()

    def test_somebody_saved_meanwhile(self, row: Organisation) -> None:
        row.name = "as the page showed it"

        with translation.override("en"):
            form = OrganisationForm({"name": "New", "website": "", "base_version": "3"}, instance=row)
            said = " ".join(form.non_field_errors())

        assert "Somebody else has saved this meanwhile." in said
        assert "there now “Verein”, typed by you “New”" in said
        assert OrganisationForm(form.data, instance=row).is_valid()

    def test_untouched_fields_show_what_was_saved_meanwhile(self, row: Organisation) -> None:
        opened = OrganisationForm(instance=row)["base_version"].value()
        Organisation.objects.update(name="Renamed", version=5)

        with translation.override("en"):
            data = {"name": "Verein", "website": "https://verein.example", "base_version": opened}
            form = OrganisationForm(data, instance=row)
            said = " ".join(form.non_field_errors())

        assert "Renamed" not in said
        assert (form["name"].value(), form["website"].value()) == ("Renamed", "https://verein.example")
        assert OrganisationForm(form.data, instance=row).is_valid()

    def test_a_new_row_has_no_version_to_compare(self) -> None:
        assert OrganisationForm({"name": "New", "website": ""}).is_valid()

    def test_a_page_without_the_version_is_refused(self, row: Organisation) -> None:
        assert list(OrganisationForm({"name": "New", "website": ""}, instance=row).errors) == ["base_version"]
