"""Whoever holds the owner's password can change the log, and it shows."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from cbpone.audit import sealing
from cbpone.audit.checking import check_log
from cbpone.audit.models import Event, Seal
from cbpone.audit.sealing import seal
from tests.audit.writers import another_connection, insert, tamper, write

pytestmark = pytest.mark.django_db(transaction=True)
COLUMNS = 'at, verb, model, row_id, "case", before, after, note, by_id'
COPY = (
    f"INSERT INTO audit_event (id, {COLUMNS}) SELECT {{}}, {COLUMNS} FROM audit_event WHERE id = "
)


@pytest.fixture
def sealed(monkeypatch):
    """Three seals of two events; the third event is followed by a number nobody used."""
    monkeypatch.setattr(sealing, "MOST_EVENTS", 2)
    rows = write(3)
    with another_connection() as other:
        insert(other)
        other.rollback()
    rows += write(3)
    assert seal() == 6
    return [row.pk for row in rows]


def copy(one: int, to: int) -> str:
    return COPY.format(to) + str(one)


def number_of(place: int) -> int:
    return Seal.objects.order_by("id")[place].pk


def of_seal(place: int) -> str:
    return f"WHERE id = {number_of(place)}"


TAMPERS = {
    "note changed": (
        lambda e: [f"UPDATE audit_event SET note = 'x' WHERE id = {e[3]}"],
        "an event, this seal or the one before it was changed",
    ),
    "time changed by a microsecond": (
        lambda e: [f"UPDATE audit_event SET at = at + interval '1 us' WHERE id = {e[3]}"],
        "was changed",
    ),
    "event deleted": (
        lambda e: [f"DELETE FROM audit_event WHERE id = {e[2]}"],
        "missing: 2 were sealed, 1 are there",
    ),
    "event put into a hole": (
        lambda e: [copy(e[0], e[2] + 1)],
        "added: 2 were sealed, 3 are there",
    ),
    "event moved": (
        lambda e: [copy(e[2], e[2] + 1), f"DELETE FROM audit_event WHERE id = {e[2]}"],
        "was changed",
    ),
    "event before the first": (lambda e: [copy(e[0], 0)], "added before number 1"),
    "event deleted and count lowered": (
        lambda e: [
            f"DELETE FROM audit_event WHERE id = {e[2]}",
            f"UPDATE audit_seal SET events = 1 {of_seal(1)}",
        ],
        "was changed",
    ),
    "digest changed": (
        lambda e: [f"UPDATE audit_seal SET digest = repeat('e', 64) {of_seal(1)}"],
        "was changed",
    ),
    "time of the seal changed": (
        lambda e: [f"UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' {of_seal(1)}"],
        "was changed",
    ),
    "seal made shorter": (
        lambda e: [
            f"UPDATE audit_seal SET last_event = last_event - 1, events = 1 {of_seal(2)}",
        ],
        "was changed",
    ),
    "link turned": (
        lambda e: [f"UPDATE audit_seal SET previous_id = id {of_seal(2)}"],
        "link to the seal before it is broken",
    ),
    "seal in the middle removed": (
        lambda e: [
            f"DELETE FROM audit_seal {of_seal(1)}",
            f"UPDATE audit_seal SET previous_id = {number_of(0)} {of_seal(2)}",
        ],
        "a seal is missing before it",
    ),
    "first seal removed": (
        lambda e: [
            f"DELETE FROM audit_seal {of_seal(0)}",
            f"UPDATE audit_seal SET previous_id = NULL {of_seal(1)}",
        ],
        "a seal is missing before it",
    ),
}


@pytest.mark.parametrize("what", TAMPERS)
def test_what_the_owner_changed_is_found(sealed, what):
    change, words = TAMPERS[what]
    assert check_log().faults == []

    tamper(*change(sealed))

    fault, *_ = check_log().faults
    assert re.search(words, fault)
    event = Event.objects.latest("id")
    assert (event.verb, event.after, event.note) == ("log_checked", "fault", fault)


def test_first_seal_that_does_not_fit_is_named(sealed):
    one, two, _three = Seal.objects.order_by("id")

    tamper(f"UPDATE audit_event SET note = 'x' WHERE id IN ({sealed[3]}, {sealed[5]})")

    found = check_log()
    assert found.faults == [
        f"Seal {two.pk} of events {two.first_event} to {two.last_event}: an event, this seal or "
        "the one before it was changed."
    ]
    assert (found.seals, found.events, found.head) == (1, 2, one)


def test_last_seal_removed_shows_by_events_that_nobody_sealed(clock):
    write(2, at=clock.at - timedelta(minutes=61))
    seal()

    tamper("DELETE FROM audit_seal")

    (fault,) = check_log().faults
    assert "2 events older than an hour were never sealed, from 1 on" in fault


def test_last_seal_removed_shows_by_the_check_before(sealed):
    check_log()

    tamper(f"DELETE FROM audit_seal {of_seal(2)}")

    (fault,) = check_log().faults
    assert "is not in the chain any more: seals were removed" in fault


@pytest.fixture
def rewritten(sealed):
    """Events changed and sealed anew, so that the chain is whole; the digest as it was."""
    before = Seal.objects.latest("id").digest
    tamper(
        f"DELETE FROM audit_seal {of_seal(2)}",
        f"UPDATE audit_event SET note = 'x' WHERE id = {sealed[5]}",
    )
    seal()
    return before


def test_chain_sealed_anew_is_whole_by_itself(rewritten):
    assert check_log().faults == []


def test_chain_sealed_anew_shows_by_a_digest_kept_elsewhere(rewritten):
    assert check_log(expected=[rewritten]).faults == [
        f"Digest {rewritten} is not in the chain: seals were replaced."
    ]


def test_chain_sealed_anew_shows_by_the_check_before(sealed):
    before = check_log().digest
    tamper(
        f"DELETE FROM audit_seal {of_seal(2)}",
        f"UPDATE audit_event SET note = 'x' WHERE id = {sealed[5]}",
    )
    seal()

    (fault,) = check_log().faults

    assert before in fault
    assert "seals were removed or replaced" in fault


def test_event_that_waits_for_less_than_an_hour_is_no_fault(clock):
    write(1, at=clock.at - timedelta(minutes=59))

    found = check_log()

    assert (found.faults, found.waiting) == ([], 1)


def test_check_of_a_whole_log_is_on_record_with_its_head(sealed):
    found = check_log(expected=[Seal.objects.earliest("id").digest])

    head = Seal.objects.latest("id")
    assert (found.seals, found.events, found.head, found.faults) == (3, 6, head, [])
    event = Event.objects.latest("id")
    assert (event.verb, event.after, event.note) == ("log_checked", "whole", head.digest)
    assert (event.model, event.row_id) == ("audit.seal", str(head.pk))


def test_check_and_seal_go_on_for_ever(sealed):
    for _ in range(3):
        assert check_log().faults == []
        seal()

    assert check_log(expected=Seal.objects.values_list("digest", flat=True)).faults == []


def test_command_prints_counts_and_head(sealed, capsys):
    write(1)

    call_command("verify_log", "--expect", Seal.objects.latest("id").digest.upper())

    said = capsys.readouterr().out
    assert "Seals that fit: 3, with 6 events. Not sealed yet: 1." in said
    assert f"Head: {Seal.objects.latest('id').digest} (" in said


def test_command_ends_with_an_error_at_any_fault(sealed, capsys):
    tamper(f"DELETE FROM audit_event WHERE id = {sealed[2]}")

    with pytest.raises(CommandError, match="events are missing") as error:
        call_command("verify_log", "--expect", "0" * 64)

    assert error.value.returncode == 1
    assert f"Digest {'0' * 64} is not in the chain" in str(error.value)
    assert "Seals that fit: 1, with 2 events." in capsys.readouterr().out


def test_application_may_neither_change_nor_remove_a_seal(sealed):
    refusal = "permission denied|Cannot update or delete"
    for words in ("UPDATE audit_seal SET events = 9", "DELETE FROM audit_seal"):
        with (
            pytest.raises(DatabaseError, match=refusal),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(words)
