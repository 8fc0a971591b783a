"""`[[…]]` in a page: what the operator must still fill in. Shown highlighted, found by `check --deploy`."""

import re

_PLACEHOLDER = re.compile(r"\[\[([^\[\]<>]+)\]\]")
_TAG = re.compile(r"(<[^>]*>)")


def placeholders(text: str) -> list[str]:
    """The words inside the brackets, in order."""
    return [" ".join(words.split()) for words in _PLACEHOLDER.findall(text)]


def highlighted(html: str) -> str:
    """Safe HTML with its placeholders marked; attributes are left alone."""
    parts = _TAG.split(html)
    return "".join(
        part if part.startswith("<") else _PLACEHOLDER.sub(r'<mark class="placeholder">[[\1]]</mark>', part)
        for part in parts
    )
