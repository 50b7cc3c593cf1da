"""The database of one run: made by the owner, used by the application's role, emptied fast."""

import io
import os
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection

from tests import engines

# What migrations fill in; every test finds it there. Tests may change the restored ones.
LEFT = {
    "django_migrations",
    "django_content_type",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
}
RESTORED = {
    "scheduling_port",
    "scheduling_regime",
    "parole_process",
    "parole_povertyguideline",
    "parole_airport",
}


@contextmanager
def made_by_owner():
    """A migrated database; inside, Django works in it with the application's role."""
    name = engines.create_database()
    connection.close()
    connection.settings_dict["NAME"] = name
    with _as(engines.ENGINES.migration_database_url):
        call_command("migrate", verbosity=0)
        _grant(engines.ENGINES.database_url)
    try:
        yield engines.at_database(engines.ENGINES.migration_database_url, name)
    finally:
        connection.close()
        engines.drop_database(name)


@contextmanager
def _as(url: str):
    settings, role = connection.settings_dict, urlsplit(url)
    before = {key: settings[key] for key in ("USER", "PASSWORD")}
    settings.update(USER=unquote(role.username or ""), PASSWORD=unquote(role.password or ""))
    try:
        yield
    finally:
        connection.close()
        settings.update(before)


def _grant(url: str) -> None:
    os.environ["APP_DATABASE_URL"] = url
    try:
        call_command("grant_roles", stderr=io.StringIO())
    finally:
        del os.environ["APP_DATABASE_URL"]


class Sweeper:
    """Empties the tables in one statement, as their owner and past the triggers.

    Django's own flush is refused, as it should be: the application's role may not truncate.
    """

    def __init__(self, url: str):
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute("SET lock_timeout = '20s'")
        self.connection.execute(
            "SELECT set_config('pgtrigger.ignore', %s, false)", [self._guards()]
        )
        self.connection.execute("CREATE SCHEMA kept")
        for table in RESTORED:
            self.connection.execute(f"CREATE TABLE kept.{table} AS TABLE public.{table}")
        self.emptying = self._statements()

    def sweep(self) -> None:
        self.connection.execute(self.emptying)

    def _guards(self) -> str:
        found = self.connection.execute(
            "SELECT tgname FROM pg_trigger WHERE starts_with(tgname, 'pgtrigger_no_truncate')"
        )
        return "{" + ",".join(name for (name,) in found) + "}"

    def _statements(self) -> str:
        found = self.connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)",
            [list(LEFT)],
        )
        tables = ", ".join(f"public.{name}" for (name,) in found)
        restoring = [
            f"INSERT INTO public.{table} SELECT * FROM kept.{table};"
            f"SELECT setval('public.{table}_id_seq', max(id)) FROM public.{table}"
            for table in sorted(RESTORED)
        ]
        return "; ".join([f"TRUNCATE {tables} RESTART IDENTITY", *restoring])
