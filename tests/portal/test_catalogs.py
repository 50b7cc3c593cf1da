"""The catalogs of translations: made from what the code says, without gettext programs."""

import polib
import pytest
from django.core.management import CommandError, call_command

from cbpone.portal import catalogs

PYTHON = """from django.utils.translation import gettext as _, ngettext, pgettext
_("Your case")
ngettext("%(n)s place", "%(n)s places", 2)
pgettext("of a family", "head")
"""
PAGE = """{% load i18n %}<h1>{% translate "Your case" %}</h1>
{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"""
SAID = {
    ("", "Your case", ""),
    ("", "%(n)s place", "%(n)s places"),
    ("of a family", "head", ""),
    ("", "%(n)s day", "%(n)s days"),
}


@pytest.fixture
def project(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "parole").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "parole" / "words.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return tmp_path


def entries(locale) -> dict:
    return {catalogs.key_of(one): one for one in polib.pofile(str(catalogs.path_of(locale)))}


def test_said_finds_words_of_code_and_pages_once(project):
    found = catalogs.said()

    assert set(found) == SAID
    assert found["", "Your case", ""] == ["parole/words.py", "templates/page.html"]


def test_collect_keeps_what_is_translated_and_who_read_it(project):
    catalogs.collect("ru")
    catalog = polib.pofile(str(catalogs.path_of("ru")))
    mine = catalog.find("Your case")
    mine.msgstr, mine.flags = "Ваше дело", [catalogs.REVIEWED]
    catalog.save()

    new, dropped = catalogs.collect("ru")

    assert (new, dropped) == (0, 0)
    kept = entries("ru")["", "Your case", ""]
    assert (kept.msgstr, kept.flags) == ("Ваше дело", [catalogs.REVIEWED])
    assert catalogs.share_reviewed("ru") == 0.25
    assert len(catalogs.missing("ru")) == 3


def test_collect_drops_what_is_no_longer_said(project):
    catalogs.collect("es")
    (project / "parole" / "words.py").write_text("")

    assert catalogs.collect("es") == (0, 2)
    assert set(entries("es")) == {("", "Your case", ""), ("", "%(n)s day", "%(n)s days")}


def test_plural_with_a_form_missing_is_not_translated(project):
    catalogs.collect("ru")
    catalog = polib.pofile(str(catalogs.path_of("ru")))
    plural = catalog.find("%(n)s place")
    plural.msgstr_plural = {0: "%(n)s место", 1: "%(n)s места", 2: ""}
    catalog.save()

    assert ("", "%(n)s place", "%(n)s places") in catalogs.missing("ru")


def test_check_names_what_is_missing(project):
    call_command("collect_po")

    with pytest.raises(CommandError, match="es: Your case"):
        call_command("collect_po", check=True)
