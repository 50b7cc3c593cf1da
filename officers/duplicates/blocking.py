"""Which records are worth comparing with each of these: a few out of millions, by indexes.

Each statement takes columns of one value a record and answers with pairs of traveler ids, the one
asked for first. Names are compared by trigrams here, roughly, and word by word afterwards.
"""

from collections.abc import Iterable

from django.db import connection

from officers.duplicates.records import Record
from officers.duplicates.signals import one_digit_off, swapped

# How alike names must be, of 1. Born on one day, a mistyped name is still a lead; of dates that
# only look alike there are forty times as many.
SAME_DAY, OTHER_DAY, AT_ONE_PLACE = 0.25, 0.45, 0.5

BIRTH = """
SELECT asked.id, other.id
FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::real[]) AS asked(id, name, day, least)
JOIN travelers_traveler other ON other.birth_date = asked.day
WHERE other.id <> asked.id AND similarity(asked.name, other.search_name) >= asked.least
"""
DOCUMENT_KEY = "translate(regexp_replace(upper({}), '[^A-Z0-9]', '', 'g'), 'OI', '01')"
DOCUMENT = f"""
SELECT asked.id, other.id
FROM unnest(%s::bigint[], %s::text[]) AS asked(id, number)
JOIN travelers_traveler other ON {DOCUMENT_KEY.format("other.document_number")} = asked.number
WHERE other.document_number <> '' AND other.id <> asked.id
"""  # noqa: S608 - of constants
AT_PHONE = """
WITH asked AS (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS a(id, name, phone)),
found AS (
    SELECT asked.id, asked.name, m.traveler_id AS other_id FROM asked
      JOIN scheduling_registration r ON r.phone = asked.phone AND r.phone <> ''
      JOIN scheduling_member m ON m.registration_id = r.id AND m.left_at IS NULL
    UNION ALL
    SELECT asked.id, asked.name, coalesce(b.traveler_id, b.written_id) FROM asked
      JOIN parole_beneficiary b ON b.phone = asked.phone AND b.phone <> ''
    UNION ALL
    SELECT asked.id, asked.name, coalesce(b.traveler_id, b.written_id) FROM asked
      JOIN parole_beneficiary b ON b.written_phone = asked.phone AND b.written_phone <> ''
)
SELECT found.id, other.id FROM found
JOIN travelers_traveler other ON other.id = found.other_id
WHERE other.id <> found.id AND similarity(found.name, other.search_name) >= %s
"""
AT_ADDRESS = """
SELECT asked.id, other.id
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS asked(id, name, street)
JOIN scheduling_registration r ON r.mexico_address = asked.street AND r.mexico_address <> ''
JOIN scheduling_member m ON m.registration_id = r.id AND m.left_at IS NULL
JOIN travelers_traveler other ON other.id = m.traveler_id
WHERE other.id <> asked.id AND similarity(asked.name, other.search_name) >= %s
"""


def candidates(records: Iterable[Record]) -> set[tuple[int, int]]:
    """Pairs of traveler ids, the smaller first, of which one is among these records."""
    rows = list(records)
    found = {
        *_ask(BIRTH, _birth_rows(rows)),
        *_ask(DOCUMENT, [(row.pk, row.document) for row in rows if row.document]),
        *_ask(AT_PHONE, _phone_rows(rows), AT_ONE_PLACE),
        *_ask(AT_ADDRESS, _address_rows(rows), AT_ONE_PLACE),
    }
    return {(min(pair), max(pair)) for pair in found}


def _birth_rows(records: list[Record]) -> list[tuple]:
    rows = []
    for record in records:
        day = record.birth_date
        if day:
            rows.append((record.pk, record.search_name, day, SAME_DAY))
            others = {*swapped(day), *one_digit_off(day)}
            rows += [(record.pk, record.search_name, other, OTHER_DAY) for other in others]
    return rows


def _phone_rows(records: list[Record]) -> list[tuple]:
    return [(row.pk, row.search_name, phone) for row in records for phone in row.phones]


def _address_rows(records: list[Record]) -> list[tuple]:
    """In the cases people write in, so that an index on the column as it is serves."""
    return [
        (row.pk, row.search_name, written)
        for row in records
        if (street := row.street)
        for written in {street, street.lower(), street.upper(), street.title()}
    ]


def _ask(words: str, rows: list[tuple], *limits) -> list[tuple[int, int]]:
    if not rows:
        return []
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(words, [*columns, *limits])
        return cursor.fetchall()
