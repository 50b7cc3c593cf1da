"""Other connections that write events, and an owner who writes past every trigger."""

from contextlib import contextmanager

import psycopg
from django.db import connection

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from tests import engines
from tests.audit.tripping import as_owner

INSERT = """
INSERT INTO audit_event (at, verb, model, row_id, "case", before, after, note)
VALUES (now(), 'viewed', 'x', '1', '', '', '', %s) RETURNING id
"""
NUMBER = "SELECT nextval(pg_get_serial_sequence('audit_event', 'id'))"


def write(number=1, *, note="", at=None) -> list[Event]:
    """Events that are committed one by one."""
    about = {"verb": Verb.VIEWED, "model": "x", "row_id": "1", "note": note}
    return [Event.objects.create(at=at or clock.now(), **about) for _ in range(number)]


@contextmanager
def another_connection():
    """Of the application's role, in a transaction that stays open until it is told."""
    url = engines.at_database(engines.ENGINES.database_url, connection.settings_dict["NAME"])
    with psycopg.connect(url) as other:
        other.execute("SET lock_timeout = '100ms'")
        other.commit()
        yield other


def insert(other, note="") -> int:
    return other.execute(INSERT, [note]).fetchone()[0]


def tamper(*statements: str) -> None:
    """As somebody who holds the owner's password: triggers off, change, triggers on."""
    tables = ("audit_event", "audit_seal")
    with as_owner() as owner, owner.transaction():
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            owner.execute(statement)
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
