"""Files that spreadsheet programs cannot be tricked with, and that nobody reads on the disk."""

import io
from datetime import date, datetime

import pytest

from officers.exports.sealed import CHUNK, Damaged, Sealer, unseal_lines
from officers.exports.writing import disarmed, rows_as
from tests.officers.exporting import read_csv, read_xlsx

HOSTILE = [
    '=cmd|"/C calc"!A0',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    '=HYPERLINK("http://evil.example")',
    'a","=1+1',
    "a;=1+1",
    "a\n=1+1",
]
HARMLESS = ["Ana Lopez", "O'Neill", "1234567890123456789", "007", "Ñandú, “x”", "A-2222-2222", ""]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝")


def file_of(format, rows, folder) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, "x")
    lines = rows_as(format, sealer, folder)
    for row in rows:
        lines.add(row)
    lines.close()
    sealer.close()
    return b"".join(unseal_lines(out.getvalue().splitlines(), "x"))


@pytest.mark.parametrize("text", HOSTILE)
def test_csv_cell_never_begins_like_a_formula(text, tmp_path):
    [row] = read_csv(file_of("csv", [["Ana", text, 3]], tmp_path))

    assert row[0] == "Ana"
    assert row[1] in (text, f"'{text}")
    assert not row[1].lstrip(" \u00a0").startswith(STARTS)
    assert row[2] == "3"


@pytest.mark.parametrize("text", HOSTILE)
def test_xlsx_cell_is_always_text(text, tmp_path):
    [row] = read_xlsx(file_of("xlsx", [["Ana", text, 3]], tmp_path))

    kinds = [kind for kind, _text in row]
    assert kinds == ["inlineStr", "inlineStr", "n"]
    assert row[1][1].replace("_x000D_", "\r").strip() == text.replace("\r\n", "\n").strip()


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_other_text_stays_as_it_is(text, format, tmp_path):
    data = file_of(format, [[text, "end"]], tmp_path)

    if format == "csv":
        assert read_csv(data) == [[text, "end"]]
    else:  # an empty cell is not written
        assert [cell for _kind, cell in read_xlsx(data)[0]] == [*filter(None, [text]), "end"]


def test_letters_that_no_file_may_hold_do_not_break_it(tmp_path):
    [row] = read_xlsx(file_of("xlsx", [["\x01\x0b\x1f&<>\ud7ff", "x" * 40_000]], tmp_path))

    assert row[0][0] == "inlineStr"
    assert len(row[1][1]) == 32_767


def test_csv_is_utf8_with_a_mark_that_excel_knows(tmp_path):
    assert file_of("csv", [["é"]], tmp_path) == b'\xef\xbb\xbf"\xc3\xa9"\r\n'


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (None, ""),
        (-5, -5),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 8, 5), "2026-11-24 08:05"),
    ],
)
def test_days_times_and_numbers(cell, shown):
    assert disarmed(cell) == shown


def sealed(data: bytes, name="x") -> list[bytes]:
    out = io.BytesIO()
    sealer = Sealer(out, name)
    sealer.write(data)
    sealer.close()
    return out.getvalue().splitlines(keepends=True)


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_sealed_chunks_come_back(size):
    data = bytes(range(256)) * (size // 256 + 1)
    lines = sealed(data[:size])

    assert b"".join(unseal_lines(lines, "x")) == data[:size]
    assert data[:64] not in b"".join(lines)


def test_sealed_file_that_is_not_whole_is_noticed():
    first, second, third = sealed(b"secret" * CHUNK, "x")[:3]
    *_others, last = sealed(b"secret" * CHUNK, "x")

    for lines in ([], [first], [first, second], [second, first], [first, first, second], [third]):
        with pytest.raises(Damaged):
            list(unseal_lines(lines, "x"))
    with pytest.raises(Damaged):
        list(unseal_lines([*sealed(b"a"), last], "x"))


def test_sealed_file_of_another_export_is_noticed():
    with pytest.raises(Damaged):
        list(unseal_lines(sealed(b"secret", "y"), "x"))
