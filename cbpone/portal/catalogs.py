"""The catalogs of translations in locale/: which words the code says, and which of them each
language has. Reads Python and templates by itself, so no gettext program is needed.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.utils.translation.template import templatize

SOURCES = ("cbpone", "scheduling", "parole", "officers", "templates")
WORDED = {".html", ".txt", ".sms"}
REVIEWED = "reviewed"  # a flag of an entry: somebody who speaks the language has read it
KEYWORDS: dict = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLURALS = {
    "es": "nplurals=2; plural=(n != 1);",
    "ht": "nplurals=2; plural=(n > 1);",
    "pt_BR": "nplurals=2; plural=(n > 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<12 || n%100>14) ? 1 : 2);",
}

Key = tuple[str, str, str]  # context, singular, plural


def said() -> dict[Key, list[str]]:
    """Every sentence the code marks for translation, and the files that say it."""
    found: dict[Key, list[str]] = {}
    for path in sorted(_files()):
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for key in _keys(path):
            names = found.setdefault(key, [])
            if name not in names:
                names.append(name)
    return found


def _files() -> Iterator[Path]:
    for top in SOURCES:
        for path in (settings.BASE_DIR / top).rglob("*"):
            is_code = path.suffix == ".py" and "migrations" not in path.parts
            if is_code or path.suffix in WORDED:
                yield path


def _keys(path: Path) -> Iterator[Key]:
    from babel.messages.extract import extract, extract_python  # only where catalogs are made

    text = path.read_text()
    source = text if path.suffix == ".py" else templatize(text)
    stream = io.BytesIO(source.encode())
    reader: Any = extract_python
    rows = extract(reader, stream, KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in rows:
        singular, plural = message if isinstance(message, tuple) else (message, "")
        if singular:
            yield context or "", singular, plural or ""


def path_of(locale: str) -> Path:
    return settings.BASE_DIR / "locale" / locale / "LC_MESSAGES" / "django.po"


def key_of(entry: polib.POEntry) -> Key:
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def is_translated(entry: polib.POEntry) -> bool:
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(texts) and all(texts)


def missing(locale: str) -> list[Key]:
    """What the code says and this language does not have."""
    path = path_of(locale)
    has = {key_of(entry) for entry in polib.pofile(str(path)) if is_translated(entry)}
    return [key for key in said() if key not in has]


def collect(locale: str) -> tuple[int, int]:
    """Bring a catalog up to what the code says now: (new, dropped)."""
    path, sources = path_of(locale), said()
    old = {key_of(entry): entry for entry in polib.pofile(str(path))} if path.exists() else {}
    catalog = polib.POFile(wrapwidth=100)
    catalog.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": locale,
        "Plural-Forms": PLURALS[locale],
    }
    for key, files in sources.items():
        catalog.append(_entry(key, files, old.get(key)))
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.save(str(path))
    return len(sources.keys() - old.keys()), len(old.keys() - sources.keys())


def _entry(key: Key, files: list[str], old: polib.POEntry | None) -> polib.POEntry:
    context, singular, plural = key
    entry = polib.POEntry(
        msgid=singular,
        msgctxt=context or None,
        occurrences=[(name, "") for name in files],
        flags=list(old.flags) if old else [],
    )
    if plural:
        entry.msgid_plural = plural
        entry.msgstr_plural = dict(old.msgstr_plural) if old else {}
    else:
        entry.msgstr = old.msgstr if old else ""
    return entry


def share_reviewed(locale: str) -> float:
    """Between 0 and 1: how much of a language somebody who speaks it has read."""
    entries = list(polib.pofile(str(path_of(locale))))
    read = sum(REVIEWED in entry.flags for entry in entries)
    return read / len(entries) if entries else 0.0
