"""The number of a row, as a hidden field of a form carries it."""

LONGEST = 18  # digits of a PostgreSQL bigint


def read_key(text: str) -> int:
    """0, which no row has, for whatever is no number of ours."""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST
    return int(text) if is_number else 0
