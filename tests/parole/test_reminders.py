"""Each reminder once for each stage, however often the task runs, and in words that can be made."""

import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.notifications.models import Message
from cbpone.notifications.outbox import load_rows, words
from parole import reminders
from parole.models import I94, Airport, Arrival
from parole.reminders import remind_travelers
from tests.breaking import change
from tests.factories import make_arrival, make_authorization, make_beneficiary
from tests.facts import told
from tests.parole.test_flagging_indexes import fill

pytestmark = pytest.mark.django_db
ARRIVED = datetime(2026, 3, 10, 17, tzinfo=UTC)


def on(day, hour=17):
    """Noon in Washington, more or less."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def paroled(clock, *, at=ARRIVED, until=None, code="MIA", **values):
    """Somebody who arrived at this instant and was paroled until this day."""
    clock.at = at
    authorization = make_authorization(make_beneficiary(status="paroled", **values), status="used")
    officer = authorization.approved_by
    arrival = make_arrival(
        authorization,
        airport=Airport.objects.get(code=code),
        decided_at=at,
        decided_by=officer,
    )
    day = arrival.day
    I94.objects.create(
        number=f"{arrival.pk:09}A1",
        arrival=arrival,
        admitted_on=day,
        admitted_until=until or date(day.year + 2, day.month, day.day),
    )
    return arrival


def days_told(clock, start: date, days, user) -> list[tuple]:
    """Runs early and late on these days after `start`; on which something was said, and what."""
    said, before = [], 0
    for number in days:
        day = start + timedelta(days=number)
        for hour in (6, 23):
            clock.at = on(day, hour)
            remind_travelers()
        now = [name for name, _channels in told(user)]
        said += [(day, name) for name in now[before:]]
        before = len(now)
    return said


# --- Authorization ------------------------------------------------------------------------


@pytest.mark.parametrize("last", [date(2026, 3, 31), date(2028, 3, 5), date(2027, 1, 4)])
def test_authorization_ending_is_told_once_fourteen_days_before(clock, last):
    clock.at = on(last - timedelta(days=90))
    mine = make_authorization(valid_until=last)

    said = days_told(clock, last, [-16, -15, -14, -13, -1, 0, 1], mine.beneficiary.user)

    assert said == [(last - timedelta(days=14), "ata_ending")]


@pytest.mark.parametrize("status", ["used", "expired", "cancelled"])
def test_authorization_that_ended_is_not_told(status):
    make_authorization(status=status, valid_until=date(2026, 3, 31))

    assert remind_travelers(on(date(2026, 3, 20))) == 0


def test_authorization_ending_goes_by_text_too_where_wanted(clock):
    clock.at = on(date(2026, 3, 20))
    case = make_beneficiary(status="ata_approved", text_messages=True)
    make_authorization(case, valid_until=date(2026, 3, 31))

    assert remind_travelers() == 1
    assert told(case.user) == [("ata_ending", ["email", "sms"])]


# --- Tuberculosis test --------------------------------------------------------------------


@pytest.mark.parametrize("at", [ARRIVED, datetime(2027, 12, 31, 23, tzinfo=UTC)])
def test_tb_test_is_reminded_of_after_30_and_75_days_and_never_again(clock, at):
    mine = paroled(clock, at=at)
    days = [0, 28, 29, 30, 31, 73, 74, 75, 76, 90, 91, 120]

    said = days_told(clock, mine.day, days, mine.beneficiary.user)

    assert said == [
        (mine.day + timedelta(days=30), "tb_reminder"),
        (mine.day + timedelta(days=75), "tb_reminder"),
    ]


def test_tb_reminder_of_an_evening_arrival_in_los_angeles_comes_by_washington_days(clock):
    mine = paroled(clock, at=datetime(2026, 3, 11, 4, 30, tzinfo=UTC), code="LAX")  # 00:30 there

    said = days_told(clock, date(2026, 4, 8), range(4), mine.beneficiary.user)

    assert mine.day == date(2026, 3, 10)
    assert said == [(date(2026, 4, 10), "tb_reminder")]


def test_tb_test_reported_between_ends_the_reminders(clock):
    mine = paroled(clock)
    remind_travelers(on(date(2026, 4, 10)))
    change(mine, tb_reported_on=date(2026, 4, 12))

    assert remind_travelers(on(date(2026, 5, 30))) == 0
    assert told(mine.beneficiary.user) == [("tb_reminder", ["email"])]


@pytest.mark.parametrize(("born", "reminded"), [(date(2024, 3, 11), 0), (date(2024, 3, 10), 1)])
def test_tb_reminder_is_for_who_was_two_on_arrival(clock, born, reminded):
    mine = paroled(clock)
    change(mine.beneficiary.traveler, birth_date=born)

    assert remind_travelers(on(date(2026, 4, 15))) == reminded


def test_tb_reminder_is_not_for_who_waits_or_was_denied(clock):
    clock.at = ARRIVED
    make_arrival()
    denied = make_arrival(
        make_authorization(make_beneficiary(status="parole_denied"), status="used")
    )
    change(denied, decided_at=ARRIVED, decided_by=denied.checked_by, denial="nta")

    assert remind_travelers(on(date(2026, 4, 15))) == 0


# --- End of parole ------------------------------------------------------------------------


@pytest.mark.parametrize("until", [date(2028, 3, 10), date(2028, 2, 29), date(2027, 3, 31)])
def test_parole_ending_is_told_90_and_30_days_before_and_never_again(clock, until):
    mine = paroled(clock, until=until)
    change(mine, tb_reported_on=mine.day)
    days = [-92, -91, -90, -89, -32, -31, -30, -29, -1, 0, 1, 30]

    said = days_told(clock, until, days, mine.beneficiary.user)

    assert said == [
        (until - timedelta(days=90), "parole_ending"),
        (until - timedelta(days=30), "parole_ending"),
    ]


def test_short_parole_is_not_followed_by_its_reminder_at_once(clock):
    mine = paroled(clock, until=date(2026, 4, 1))

    said = days_told(clock, mine.day, range(24), mine.beneficiary.user)

    assert said == [(date(2026, 3, 17), "parole_ending")]


# --- The run ------------------------------------------------------------------------------


def test_row_that_can_not_be_told_does_not_stop_the_others(clock, monkeypatch, caplog):
    caplog.set_level(logging.ERROR)
    bad, good = paroled(clock), paroled(clock)
    real = reminders.notify

    def broken(*, about, **values):
        if about.pk == bad.pk:
            raise ValueError
        return real(about=about, **values)

    monkeypatch.setattr(reminders, "notify", broken)

    assert remind_travelers(on(date(2026, 4, 15))) == 1
    assert told(good.beneficiary.user) == [("tb_reminder", ["email"])]
    assert f"Arrival {bad.pk} was not queued" in caplog.text
    assert bad.beneficiary.traveler.surnames not in caplog.text


def test_run_with_nothing_new_asks_as_often_for_many_as_for_none(clock):
    def run():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            remind_travelers(on(date(2026, 4, 15)))
        return len(asked)

    none = run()
    for _person in range(3):
        paroled(clock)
        make_authorization(valid_until=date(2026, 4, 20))
    run()

    assert run() == none == 5


def test_what_is_due_is_found_by_an_index_among_many_that_are_not(clock):
    one, many, today = paroled(clock), 2_000, date(2026, 4, 15)
    fill(one.authorization, many, reference="'Q' || g", status="'expired'")
    fill(one, many, authorization_id="-g")
    dates = {"admitted_on": one.i94.admitted_on, "admitted_until": one.i94.admitted_until}
    I94.objects.bulk_create(
        I94(number=f"{g:09}B1", arrival_id=-g, **dates) for g in range(1, many + 1)
    )

    with connection.cursor() as cursor:  # no statistics of these tables are kept in tests
        cursor.execute("SET LOCAL enable_seqscan = off")

    plans = [
        rows.select_related(None).order_by().values("pk").explain()
        for rows in (
            reminders._endings(today),
            *(rows for _stage, rows in reminders._tests(today)),
            reminders._ending(today, 31, 90),
        )
    ]

    names = ["authorization_due", "arrival_tb_due", "arrival_tb_due", "i94_ending"]
    assert [name for name, plan in zip(names, plans, strict=True) if name not in plan] == []


def test_command_says_how_many(clock, capsys):
    make_authorization(valid_until=clock.at.date() + timedelta(days=5))

    call_command("remind_travelers")
    call_command("remind_travelers")

    assert capsys.readouterr().out == "Reminders queued: 1.\nReminders queued: 0.\n"


@pytest.mark.parametrize(
    "template", ["ata_ending", "paroled", "parole_denied", "tb_reminder", "parole_ending"]
)
def test_words_can_be_made_and_texts_are_short(clock, settings, template):
    mine = paroled(clock)
    about = mine.authorization if template == "ata_ending" else mine
    message = Message.objects.create(
        user=mine.beneficiary.user,
        template=template,
        model=about._meta.label_lower,
        row_id=str(about.pk),
        dedupe_key=template,
        created_at=clock.at,
    )
    [row] = load_rows([message]).values()

    subject, body = words(message, row, "email")
    _subject, text = words(message, row, "sms")

    assert str(mine.beneficiary.traveler) in body
    assert settings.SITE_URL in body
    assert str(mine.beneficiary.traveler) not in subject + text
    assert len(text.strip()) <= 160
    assert "\n" not in text.strip()
    assert Arrival.objects.get().i94.number not in subject + text + body
