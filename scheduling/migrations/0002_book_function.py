from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "book_v1.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0001_initial"),
        ("notifications", "0001_initial"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            SQL.read_text(),
            "DROP FUNCTION scheduling_book(bigint, bigint, bigint, text, text, text, boolean,"
            " timestamptz, int, int)",
        )
    ]
