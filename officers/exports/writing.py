"""Rows as CSV or XLSX. No program that opens them takes what a person wrote for a formula."""

import csv
import shutil
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from officers.exports.sealed import Sealer
from officers.statuses import ExportFormat

# What spreadsheet programs read as the beginning of a formula (OWASP, CSV injection), in both
# widths of letters. Signs nobody sees before it do not help.
RISKY = frozenset("=+-@＝＋－＠")
RISKY_SPACE = frozenset("\t\r\n")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # tells Excel that the file is UTF-8
QUOTE = "'"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
WIDTH = 18  # of a column, in letters

Cell = str | int | date | datetime | None


class Rows(Protocol):
    def add(self, cells: Sequence[Cell]) -> None: ...
    def close(self) -> None: ...


def shown(cell: Cell) -> str | int:
    """Days as 2026-11-24 and times as 2026-11-24 08:30, so that they sort in any country."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, int) else str(cell)


def disarmed(cell: Cell) -> str | int:
    """With a quote before it where a spreadsheet would calculate it."""
    text = shown(cell)
    if isinstance(text, int):
        return text
    risky = text[:1] in RISKY_SPACE or text.lstrip()[:1] in RISKY
    return QUOTE + text if risky else text


class _Letters:
    """What the csv module writes to: letters in, sealed bytes out."""

    def __init__(self, sealer: Sealer):
        self.sealer = sealer

    def write(self, text: str) -> int:
        return self.sealer.write(text.encode())


class CsvRows:
    def __init__(self, sealer: Sealer, folder: Path):
        letters = _Letters(sealer)
        letters.write(BOM)
        self.writer = csv.writer(letters, quoting=csv.QUOTE_ALL)

    def add(self, cells: Sequence[Cell]) -> None:
        self.writer.writerow([disarmed(cell) for cell in cells])

    def close(self) -> None:
        """Every row is with the sealer already."""


class XlsxRows:
    """The writer keeps its rows in files of the folder, in the open, until the book is closed."""

    def __init__(self, sealer: Sealer, folder: Path):
        self.sealer, self.path, self.row = sealer, folder / "book", 0
        self.book = xlsxwriter.Workbook(str(self.path), {**OPTIONS, "tmpdir": str(folder)})
        self.bold = self.book.add_format({"bold": True})
        self.sheet = self.book.add_worksheet()
        self.sheet.freeze_panes(1, 0)

    def add(self, cells: Sequence[Cell]) -> None:
        look: Any = None if self.row else self.bold
        if not self.row:
            self.sheet.set_column(0, len(cells), WIDTH)
        for column, cell in enumerate(cells):
            value = shown(cell)
            # Never `write`, which guesses from the letters what a cell is.
            if value == "":
                continue
            if isinstance(value, str):
                self.sheet.write_string(self.row, column, value, look)
            else:
                self.sheet.write_number(self.row, column, value, look)
        self.row += 1

    def close(self) -> None:
        self.book.close()
        with self.path.open("rb") as made:
            shutil.copyfileobj(made, self.sealer)


def rows_as(format: str, sealer: Sealer, folder: Path) -> Rows:
    kinds: dict[str, type[CsvRows] | type[XlsxRows]] = {
        ExportFormat.CSV: CsvRows,
        ExportFormat.XLSX: XlsxRows,
    }
    return kinds[format](sealer, folder)
