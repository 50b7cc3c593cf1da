"""Sealing: one chain, nothing lost, nobody waits."""

import hashlib
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from cbpone.audit import sealing
from cbpone.audit.checking import check_log
from cbpone.audit.models import Event, Seal, SealMark
from cbpone.audit.sealing import seal
from cbpone.audit.tasks import seal_log
from tests.audit.writers import INSERT, NUMBER, another_connection, insert, write
from tests.breaking import check_refuses
from tests.factories import make_user
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db(transaction=True)


def runs() -> list[tuple]:
    return list(Seal.objects.order_by("id").values_list("first_event", "last_event", "events"))


def ids() -> list[int]:
    return list(Event.objects.order_by("id").values_list("id", flat=True))


def is_whole() -> bool:
    return check_log().faults == []


def test_seal_closes_everything_there_is():
    write(3)

    assert seal() == 3

    assert runs() == [(1, ids()[-1], 3)]
    assert not SealMark.objects.exists()
    assert is_whole()


def test_digest_can_be_made_from_its_description_alone():
    (event,) = write(note="Ñandú “x”")
    user = make_user()
    Event.objects.create(verb="viewed", model="y", row_id="2", by=user, case="R-1", at=event.at)
    seal()

    made = Seal.objects.get()
    at = f"{event.at:%Y-%m-%dT%H:%M:%S.%f}+00:00"
    sealed_at = f"{made.sealed_at:%Y-%m-%dT%H:%M:%S.%f}+00:00"
    first, second = ids()
    lines = [
        f'{{"first_event":1,"last_event":{second},"previous":"","sealed_at":"{sealed_at}"}}',
        f'{{"after":"","at":"{at}","before":"","by_id":null,"case":"","id":{first},"model":"x",'
        '"note":"Ñandú “x”","row_id":"1","verb":"viewed"}',
        f'{{"after":"","at":"{at}","before":"","by_id":{user.pk},"case":"R-1","id":{second},'
        '"model":"y","note":"","row_id":"2","verb":"viewed"}',
    ]

    assert made.digest == hashlib.sha256("".join(f"{one}\n" for one in lines).encode()).hexdigest()


def test_seal_follows_the_one_before():
    write(2)
    seal()
    write(1)

    assert [seal(), seal()] == [1, 0]

    one, two = Seal.objects.order_by("id")
    assert (one.previous, two.previous) == (None, one)
    assert two.first_event == one.last_event + 1
    assert is_whole()


def test_seal_of_an_empty_log_does_nothing():
    assert seal() == 0

    assert not Seal.objects.exists()
    assert is_whole()


def test_seal_of_many_events_makes_runs(monkeypatch):
    monkeypatch.setattr(sealing, "MOST_EVENTS", 2)
    write(5)

    assert seal() == 5

    last = ids()
    assert runs() == [(1, last[1], 2), (last[2], last[3], 2), (last[4], last[4], 1)]
    assert is_whole()


def test_task_seals():
    write(2)

    seal_log()

    assert Seal.objects.get().events == 2


def test_numbers_are_drawn_one_by_one_and_by_the_insert_itself():
    """What sealing rests on: no connection keeps numbers for later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seqcache FROM pg_sequence"
            " WHERE seqrelid = pg_get_serial_sequence('audit_event', 'id')::regclass"
        )
        assert cursor.fetchone() == (1,)


# --- transactions that end late -----------------------------------------------------------


def test_event_of_an_open_transaction_is_sealed_once_it_is_committed():
    write(1)
    seal()
    with another_connection() as late:
        number = insert(late, "late")
        write(2)

        assert [seal(), seal()] == [0, 0]
        late.commit()

    assert seal() == 3
    assert Seal.objects.filter(first_event__lte=number, last_event__gte=number).count() == 1
    assert is_whole()


def test_later_events_wait_behind_an_open_transaction_but_earlier_ones_do_not():
    write(2)
    with another_connection() as late:
        sealing.note_mark()  # before the other one began
        insert(late)
        write(1)

        assert seal() == 2
        late.commit()

    assert seal() == 2
    assert is_whole()


def test_number_of_an_undone_transaction_stays_empty():
    write(1)
    with another_connection() as late:
        insert(late)
        write(1)
        late.rollback()

    assert seal() == 2

    assert runs() == [(1, ids()[-1], 2)]
    assert ids()[1] - ids()[0] == 2
    assert is_whole()


def test_transaction_between_number_and_row_is_waited_for():
    """An INSERT that was stopped just after it drew its number has no transaction number yet."""
    with another_connection() as late:
        late.execute("LOCK TABLE audit_event IN ROW EXCLUSIVE MODE")
        (number,) = late.execute(NUMBER).fetchone()
        write(2)
        assert seal() == 0

        words = INSERT.replace("(at,", "(id, at,").replace("(now(),", f"({number}, now(),")
        late.execute(words, ["late"])
        write(1)
        assert seal() == 0
        late.commit()

    assert seal() == 4
    assert is_whole()


def test_transaction_that_is_the_newest_of_all_is_waited_for():
    with another_connection() as late:
        write(1)
        insert(late)
        with transaction.atomic():
            write(1)

        assert seal() == 0


def test_transaction_that_writes_no_event_delays_nothing():
    with another_connection() as other:
        other.execute("SELECT pg_current_xact_id()")
        write(2)

        assert seal() == 2


def test_seal_within_a_transaction_is_a_mistake():
    with pytest.raises(RuntimeError), transaction.atomic():
        seal()


# --- at once ------------------------------------------------------------------------------


@pytest.fixture
def slow(monkeypatch):
    """Sealing stops in the middle of its transaction until `slow.go`."""

    class Gate:
        reached, go = threading.Event(), threading.Event()

    real = sealing.digest_of

    def digest_of(*args):
        Gate.reached.set()
        assert Gate.go.wait(20)
        return real(*args)

    monkeypatch.setattr(sealing, "digest_of", digest_of)
    return Gate


def in_thread(job) -> threading.Thread:
    def run():
        try:
            job()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.race
def test_writers_do_not_wait_while_a_run_is_sealed(slow):
    write(2)
    sealer = in_thread(seal)
    assert slow.reached.wait(20)

    began = time.perf_counter()
    with another_connection() as other:  # gives up after 100 ms of waiting for a lock
        insert(other)
        other.commit()
    took = time.perf_counter() - began
    slow.go.set()
    sealer.join(20)

    assert took < 5
    assert Seal.objects.get().events == 2
    assert seal() == 1
    assert is_whole()


@pytest.mark.race
def test_second_sealer_does_nothing_and_does_not_wait(slow):
    write(2)
    sealer = in_thread(seal)
    assert slow.reached.wait(20)

    assert seal() == 0
    slow.go.set()
    sealer.join(20)

    assert Seal.objects.get().events == 2


@pytest.mark.race
def test_sealers_at_once_make_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "MOST_EVENTS", 3)
    write(20)

    outcomes = at_once([seal] * 4)

    assert kinds(outcomes) == ["ok"] * 4
    assert sum(outcomes) + seal() == 20
    assert is_whole()


@pytest.mark.race
def test_every_event_written_while_sealing_runs_is_under_one_seal():
    def many():
        for _ in range(30):
            with transaction.atomic():
                write(2)

    outcomes = at_once([many, many, many, *[lambda: [seal() for _ in range(30)]] * 2])
    seal()

    assert kinds(outcomes) == ["ok"] * 5
    assert sum(events for _first, _last, events in runs()) == 180
    assert is_whole()


# --- the database -------------------------------------------------------------------------


def row(first, last, *, events=1, previous=None, digest="a"):
    return Seal.objects.create(
        first_event=first, last_event=last, events=events, previous=previous, digest=digest * 64
    )


BREAKS = [
    ("seal_run_possible", lambda: row(5, 4)),
    ("seal_run_possible", lambda: row(1, 2, events=3)),
    ("seal_digest_whole", lambda: row(1, 2, digest="A")),
    ("seal_one_beginning", lambda: [row(1, 2), row(3, 4, digest="b")]),
]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)


def test_command_says_how_many(capsys):
    write(2)

    call_command("seal_log")

    assert capsys.readouterr().out == "Sealed 2 events.\n"
