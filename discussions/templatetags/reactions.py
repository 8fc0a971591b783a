"""The row of reactions below a post. Twenty posts have eighty buttons: written out in a template they would cost as
much as all the rest of the page.
"""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from discussions.queries.thread import Shown

register = template.Library()


@register.simple_tag
def reactions(post: Shown, may_react: bool) -> SafeString:
    """Buttons of the one form with the id "react" (topic.html); for who only reads, what others have said."""
    if not may_react:
        rows = [(mark.sign, mark.label, mark.count) for mark in post.marks if mark.count]
        return format_html_join(
            " ",
            '<span class="reaction"><span aria-hidden="true">{}</span> {} '
            '<span class="reaction__count">{}</span></span>',
            rows,
        )
    address = reverse("discussions:react", args=[post.pk])
    buttons = (
        (
            address,
            mark.feeling,
            0 if mark.is_mine else 1,
            "true" if mark.is_mine else "false",
            mark.sign,
            mark.label,
            format_html(' <span class="reaction__count">{}</span>', mark.count) if mark.count else "",
        )
        for mark in post.marks
    )
    return format_html_join(
        " ",
        '<button type="submit" form="react" formaction="{}" class="reaction" name="reaction" value="{}:{}" '
        'aria-pressed="{}"><span aria-hidden="true">{}</span> {}{}</button>',
        buttons,
    )
