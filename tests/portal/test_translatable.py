"""No bare string in a template: whatever people read passes the translation."""

import re

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.*"))
NAMES = {"CBP", "One", "Portal", "UTC", "CBP One Portal"}
SILENT = [
    r"{%\s*block (?:page|body)_class.*?endblock\s*%}",
    r"{%\s*comment.*?endcomment\s*%}",
    r"{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}",
    r"{%.*?%}",
    r"{{.*?}}",
    r"{#.*?#}",
    r"<(script|style)\b.*?</\1>",
    r"<!.*?>",
    r"<[^>]*>",
    r"&\w+;",
]
READ_ALOUD = re.compile(r"\b(?:alt|title|placeholder|aria-label)=\"([^\"{]*[A-Za-z][^\"{]*)\"")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_bare_words(path):
    text = path.read_text()
    spoken = READ_ALOUD.findall(text)
    for pattern in SILENT:
        text = re.sub(pattern, " ", text, flags=re.DOTALL)

    assert [word for word in re.findall(r"[A-Za-z]+", text) if word not in NAMES] == []
    assert spoken == []
