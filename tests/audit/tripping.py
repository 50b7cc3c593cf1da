"""Trying what triggers refuse, as the application's role and as the owner of the tables."""

from contextlib import contextmanager

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests import engines


def check_trips(trigger: str, attempt) -> None:
    """`table.trigger`: it is this trigger that refuses."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        attempt()
    assert f"{_function(trigger)}()" in str(error.value)


def check_owner_trips(trigger: str, words: str) -> None:
    """Of rows that are committed: the owner has a connection of its own."""
    with as_owner() as owner, pytest.raises(psycopg.errors.RaiseException) as error:
        owner.execute(words)
    assert f"{_function(trigger)}()" in str(error.value)


@contextmanager
def as_owner():
    url = engines.ENGINES.migration_database_url
    url = engines.at_database(url, connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("SET lock_timeout = '20s'")
        yield owner


def _function(trigger: str) -> str:
    table, name = trigger.split(".")
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    found = {one.name: one for one in model._meta.triggers}
    return found[name].get_pgid(model)


def has_two_roles() -> bool:
    owner = "SELECT tableowner <> current_user FROM pg_tables WHERE tablename = 'audit_event'"
    with connection.cursor() as cursor:
        cursor.execute(owner)
        return cursor.fetchone()[0]
