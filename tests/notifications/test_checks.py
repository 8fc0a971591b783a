from notifications.checks import every_kind_has_its_templates
from notifications.kinds import Kind, all_kinds


def test_all_kinds_have_their_templates():
    assert "entry_reported" in [kind.name for kind in all_kinds()]
    assert every_kind_has_its_templates() == []


def test_a_kind_without_templates_is_named_at_start(told):
    type("Bare", (Kind,), {"name": "bare_notice", "title": "x"})

    missing = [f"email/bare_notice.{ending}" for ending in ("subject.txt", "txt", "html")]
    assert [error.msg for error in every_kind_has_its_templates()] == [
        f"The notice bare_notice has no template {name}." for name in missing
    ]
