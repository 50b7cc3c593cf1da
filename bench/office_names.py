"""People and numbers in SQL: names as they are given, papers, references that read well."""

from dataclasses import dataclass

from cbpone.lib.references import ALPHABET

SPREAD = 7_919_003  # a prime: references in an order that has nothing to do with numbers


def share(number: str, seed: int, of: int) -> str:
    """From 0 to `of` less one, evenly, and the same whenever it is asked."""
    return f"((hashint8extended({number}, {seed}) & 9007199254740991) % {of})::int"


def one_of(words: list[str], number: str, seed: int) -> str:
    """Of words, the first far more often than the last, as names are."""
    array = ", ".join("'" + word.replace("'", "''") + "'" for word in words)
    part = f"power({share(number, seed, 1_000_000)} / 1000000.0, 1.6)"
    return f"(ARRAY[{array}])[1 + floor({len(words)} * {part})::int]"


def reference(kind: str, number: str) -> str:
    """As cbpone.lib.references writes it, check character included."""
    base = len(ALPHABET)
    mixed = f"(({number})::bigint * {SPREAD} % {base**7})"
    digits = [f"({mixed} / {base**power} % {base})" for power in range(6, -1, -1)]
    total = " + ".join(f"{place + 1} * {digit}" for place, digit in enumerate(digits))
    digits.append(f"(({total}) % {base})")
    chars = [f"substr('{ALPHABET}', {digit}::int + 1, 1)" for digit in digits]
    return f"'{kind}-' || {' || '.join(chars[:4])} || '-' || {' || '.join(chars[4:])}"


def words_of(part: str) -> list[str]:
    """`women`, `men` or `surnames` of the nations in the demo, each once."""
    from cbpone.demo.names import NATIONS

    return list(dict.fromkeys(word for one in NATIONS.values() for word in getattr(one, part)))


@dataclass(frozen=True)
class PersonColumns:
    """Columns of a traveler: two given names, two surnames, born 1940 to 2023, a passport."""

    number: str
    seed: int
    nations: str  # an array in SQL

    def all(self) -> dict[str, str]:
        n, at = self.number, self.seed * 100
        women, men, surnames = (words_of(part) for part in ("women", "men", "surnames"))
        nation = f"{self.nations}[1 + {share(n, at + 8, 10)}]"
        return {
            "sex": f"CASE {share(n, at, 2)} WHEN 0 THEN 'female' ELSE 'male' END",
            "given_names": f"CASE {share(n, at, 2)} WHEN 0 THEN {one_of(women, n, at + 1)} || ' '"
            f" || {one_of(women, n, at + 2)} ELSE {one_of(men, n, at + 3)} || ' ' ||"
            f" {one_of(men, n, at + 4)} END",
            "surnames": f"{one_of(surnames, n, at + 5)} || ' ' || {one_of(surnames, n, at + 6)}",
            "birth_date": f"date '1940-01-01' + {share(n, at + 7, 30_600)}",
            "birth_country": nation,
            "nationality": nation,
            "document_country": nation,
            "document_type": "'passport'",
            "document_number": f"(ARRAY['P','K','R','G'])[1 + {share(n, at + 9, 4)}] ||"
            f" lpad({share(n, at + 10, 100_000_000)}::text, 8, '0')",
        }


def drop_indexes(connection) -> list[str]:
    """Those that hold no constraint; they are quicker made at the end than kept up to date."""
    found = connection.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace s ON s.oid = c.relnamespace"
        " WHERE s.nspname = 'public' AND NOT indisunique"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
    ).fetchall()
    for name, _definition in found:
        connection.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def restore_indexes(connection, definitions: list[str]) -> None:
    for definition in definitions:
        connection.execute(definition)
