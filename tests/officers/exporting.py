"""Asking for a file, making it and reading it back, as an officer's program would."""

import csv
import io
import zipfile
from datetime import timedelta
from xml.etree import ElementTree

from cbpone.lib import clock
from officers.exports import asking, making
from officers.exports.fetching import fetch
from officers.models import Export

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def span(before=1, after=14) -> dict[str, str]:
    day = clock.now().date()
    return {
        "first_day": str(day - timedelta(days=before)),
        "last_day": str(day + timedelta(days=after)),
    }


def ask(kind, by, format="csv", **filters) -> Export:
    values = span() | filters
    return asking.ask(kind=kind, format=format, values=values, reason="A count", by=by)


def made(kind, by, format="csv", **filters) -> Export:
    row = ask(kind, by, format, **filters)
    making.make(row.pk)
    row.refresh_from_db()
    assert row.status == "done"
    return row


def bytes_of(row) -> bytes:
    return b"".join(fetch(export=row, by=row.asked_by))


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> list[list[tuple[str, str]]]:
    """(type, text) of every cell: "inlineStr" is text, "n" a number; there are no others."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314
    assert sheet.find(".//m:f", NS) is None
    return [
        [(cell.get("t", "n"), "".join(cell.itertext())) for cell in line.findall("m:c", NS)]
        for line in sheet.findall(".//m:row", NS)
    ]


def lines_of(kind, by, **filters) -> list[dict[str, str]]:
    """The rows of a CSV file by the title of their column."""
    titles, *rows = read_csv(bytes_of(made(kind, by, **filters)))
    return [dict(zip(titles, row, strict=True)) for row in rows]
