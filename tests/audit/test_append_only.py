"""What only grows: refused by the application's role, and by a trigger behind it."""

import pytest
from django.db import DatabaseError, connection, transaction

from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.portal.management.commands.grant_roles import withheld
from tests.audit import rows
from tests.audit.tripping import check_owner_trips, has_two_roles
from tests.factories import make_arrival, make_selection, make_slot, make_user

pytestmark = pytest.mark.django_db
TABLES = [
    "audit_event",
    "audit_seal",
    "notifications_message",
    "officers_massrecipient",
    "parole_drawseed",
    "parole_i94",
    "parole_selection",
    "parole_travelletter",
    "scheduling_release",
]
ATTEMPTS = {
    "UPDATE {} SET id = id": "append_only",
    "DELETE FROM {}": "append_only",
    "TRUNCATE {} CASCADE": "no_truncate",
}


@pytest.fixture
def _one_row_in_each():
    user = make_user()
    Event.objects.create(verb=Verb.VIEWED, model="x", row_id="1", by=user)
    make_slot()
    make_selection()
    make_arrival(decided=True)
    rows.seal()
    rows.mass_recipient()
    rows.travel_letter()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_message"
            " (user_id, template, model, row_id, row_status, dedupe_key)"
            " VALUES (%s, 'booked', 'x', '1', '', 'k')",
            [user.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # pending ones would refuse a truncation


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.parametrize("past_triggers", [False, True])
@pytest.mark.usefixtures("_one_row_in_each")
def test_append_only_table_is_refused_a_change(table, attempt, past_triggers):
    refusal = "permission denied|Cannot update or delete|only grows"
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        run(attempt.format(table), past_triggers=past_triggers and has_two_roles())

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("attempt", ATTEMPTS)
@pytest.mark.usefixtures("_one_row_in_each")
def test_append_only_table_is_refused_a_change_by_its_owner(table, attempt):
    check_owner_trips(f"{table}.{ATTEMPTS[attempt]}", attempt.format(table))


def run(words: str, *, past_triggers: bool) -> None:
    """Whoever holds the connection can switch triggers off; the role's rights stand behind them."""
    with connection.cursor() as cursor:
        if past_triggers:
            cursor.execute("SET LOCAL pgtrigger.ignore = %s", [names_of_triggers(cursor)])
        cursor.execute(words)


def names_of_triggers(cursor) -> str:
    cursor.execute("SELECT tgname FROM pg_trigger WHERE starts_with(tgname, 'pgtrigger')")
    return "{" + ",".join(name for (name,) in cursor.fetchall()) + "}"


def test_append_only_tables_are_these():
    assert [table for table, powers in withheld() if "UPDATE" in powers] == TABLES
