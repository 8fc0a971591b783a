"""A kind of notice without its templates is found at start, not when somebody waits for the mail."""

from typing import Any

from django.core.checks import Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from notifications.kinds import all_kinds


@register()
def every_kind_has_its_templates(**kwargs: Any) -> list[Error]:
    errors = []
    for kind in all_kinds():
        for ending in ("subject.txt", "txt", "html"):
            name = f"email/{kind.name}.{ending}"
            try:
                get_template(name)
            except TemplateDoesNotExist:
                errors.append(
                    Error(f"The notice {kind.name} has no template {name}.", id="notifications.E001")
                )
    return errors
