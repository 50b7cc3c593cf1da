"""One worker at a time at one piece of work. A worker that dies lets go by dying."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

LARGEST = 2**31  # of each half of a PostgreSQL lock number


@contextmanager
def alone(what: str, number: int = 0) -> Iterator[bool]:
    """Whether this worker has it now. Held by the connection, in a transaction or not."""
    key = [zlib.crc32(what.encode()) % LARGEST, number % LARGEST]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        is_mine = cursor.fetchone()[0]
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
