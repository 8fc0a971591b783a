"""`{% jinja "app/name.jinja" things=things %}`: see core/jinja.py."""

from typing import Any

from django import template
from django.template import engines
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def jinja(template_name: str, **context: Any) -> SafeString:
    """The template gets what is handed over and nothing else."""
    html = engines["jinja"].get_template(template_name).render(context)
    return mark_safe(html)  # noqa: S308 -- the environment escapes
