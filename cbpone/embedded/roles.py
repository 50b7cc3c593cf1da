"""Roles and rights of the embedded PostgreSQL: who owns, who migrates, who only works."""

from pathlib import Path

import psycopg
from psycopg import sql

EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")


def set_up_once(done: Path, address: str, passwords: dict[str, str]) -> None:
    """Makes the roles and the database; every statement may run again after a crash halfway."""
    if done.exists():
        return
    with psycopg.connect(address, autocommit=True) as connection:
        for role, powers in (("cbpone_owner", "CREATEDB"), ("cbpone", "NOCREATEDB")):
            _make_role(connection, role, powers, passwords[role])
    with psycopg.connect(address, dbname="template1", autocommit=True) as template:
        _set_up_template(template)
    with psycopg.connect(address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'cbpone'").fetchone():
            connection.execute("CREATE DATABASE cbpone OWNER cbpone_owner")
    done.touch()


def _make_role(connection: psycopg.Connection, role: str, powers: str, password: str) -> None:
    name = sql.Identifier(role)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(sql.SQL("CREATE ROLE {}").format(name))
    change = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}")
    connection.execute(change.format(name, sql.SQL(powers), sql.Literal(password)))


def _set_up_template(template: psycopg.Connection) -> None:
    """What every new database of this server starts with, the tests' databases too."""
    known = {row[0] for row in template.execute("SELECT name FROM pg_available_extensions")}
    for name in known.intersection(EXTENSIONS):
        template.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    template.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC, cbpone")
    template.execute("GRANT USAGE ON SCHEMA public TO cbpone")
    template.execute("GRANT USAGE, CREATE ON SCHEMA public TO cbpone_owner")
    for right, kind in (
        ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
        ("USAGE, SELECT", "SEQUENCES"),
        ("EXECUTE", "FUNCTIONS"),
    ):
        grant = "ALTER DEFAULT PRIVILEGES FOR ROLE cbpone_owner GRANT {} ON {} TO cbpone"
        template.execute(sql.SQL(grant).format(sql.SQL(right), sql.SQL(kind)))
