"""All there is in some tables, to see whether anything has changed."""

from django.db import connection


def snapshot(models) -> list[tuple[str, str]]:
    """Their rows, and whatever is on record but that somebody looked."""
    tables = [model._meta.db_table for model in models]
    asked = [f"SELECT '{table}', one::text FROM {table} one" for table in tables]
    asked.append("SELECT 'audit_event', one::text FROM audit_event one WHERE verb <> 'viewed'")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return sorted(cursor.fetchall())
