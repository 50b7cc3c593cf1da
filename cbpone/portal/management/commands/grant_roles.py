from urllib.parse import unquote, urlsplit

import environ
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection

# What a trigger refuses, the role is not allowed in the first place.
WITHHELD = {"append_only": "UPDATE, DELETE, TRUNCATE", "undeletable": "DELETE, TRUNCATE"}


def withheld() -> list[tuple[str, str]]:
    """(table, powers) that the application's role must not have."""
    return sorted(
        (model._meta.db_table, WITHHELD[trigger.name])
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.name in WITHHELD
    )


class Command(BaseCommand):
    help = (
        "Gives the application's database role what it needs and no more: it may add to the "
        "tables that only grow, and neither change nor empty them. Run by the owning role after "
        "each migration, with APP_DATABASE_URL naming the application's role."
    )

    def handle(self, *args, **options):
        url = environ.Env().str("APP_DATABASE_URL", default="")
        role = unquote(urlsplit(url).username or "")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            if not role or role == cursor.fetchone()[0]:
                self.stderr.write(
                    "One database role for everything: the triggers alone guard the log. "
                    "Give MIGRATION_DATABASE_URL a second role in production."
                )
                return
            name = connection.ops.quote_name(role)
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}"
            )
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}")
            for table, powers in withheld():
                cursor.execute(f"REVOKE {powers} ON {table} FROM {name}")
