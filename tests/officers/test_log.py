"""The auditor's page of the log: who reads it, what it shows, and that reading it is on record."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.audit.log import record
from cbpone.audit.models import Event, Seal
from cbpone.audit.verbs import Verb
from officers import log as reading
from tests.factories import (
    make_appointment,
    make_officer,
    make_parole_supervisor,
    make_registration,
    make_reviewer,
    make_supervisor,
    make_user,
)

pytestmark = pytest.mark.django_db
URL = "/officers/log/"


@pytest.fixture
def audited(client, auditor):
    client.force_login(auditor)
    return client


def shown(client, url=URL) -> list[int]:
    return [row.pk for row in client.get(url).context["rows"]]


def event(verb=Verb.VIEWED, *, on=None, at=None, **values) -> int:
    row = record(verb, on=on or make_registration(), **values)
    if at:
        return Event.objects.create(
            at=at, verb=row.verb, model=row.model, row_id=row.row_id, case=row.case
        ).pk
    return row.pk


@pytest.mark.parametrize(
    "make", [make_officer, make_supervisor, make_reviewer, make_parole_supervisor]
)
@pytest.mark.parametrize("url", [URL, f"{URL}seal.txt"])
def test_log_is_for_auditors_alone(client, port, make, url):
    client.force_login(make())

    assert client.get(url).status_code == 403
    assert not Event.objects.exists()


def test_log_shows_the_newest_first_with_words(audited):
    family = make_appointment()
    officer = make_officer(name="Rosa Lane")
    event(Verb.CHECKED_IN, on=family, by=officer, before="booked", after="checked_in")
    event(Verb.NO_SHOW, on=family)

    page = audited.get(URL)

    last, first = page.context["rows"]
    assert (first.verb, last.verb) == ("checked_in", "no_show")
    text = page.content.decode()
    assert "Rosa Lane" in text
    assert "booked → checked in" in text
    assert "the portal" in text
    assert f'href="?case={family.registration.reference}"' in text
    assert f"?who={officer.reference}" in text
    assert f"appointment {family.pk}" in text


def test_reading_the_log_is_on_record(audited, auditor):
    case = make_registration().reference

    audited.get(f"{URL}?case={case}&verb=viewed&before=99")

    row = Event.objects.get()
    assert (row.verb, row.by, row.case) == ("viewed", auditor, case)
    assert row.note == "log: verb viewed, before 99"


def test_pages_follow_each_other_without_a_gap(audited, monkeypatch):
    monkeypatch.setattr(reading, "ROWS", 2)
    monkeypatch.setattr("officers.views.log.ROWS", 2)
    made = [event() for _ in range(5)]
    url, seen = URL, []

    for _ in range(3):
        page = audited.get(url)
        seen += [row.pk for row in page.context["rows"] if row.pk in made]
        url = f"{URL}?{page.context['older']}"

    assert seen == made[::-1]
    assert audited.get(f"{URL}?before={made[0]}").context["older"] is None


def test_filters_find(audited):
    officer, mine = make_officer(), make_registration()
    by_officer = event(Verb.SEARCHED, by=officer)
    of_case = event(Verb.SIGNED, on=mine, by=mine.owner)
    by_portal = event(Verb.NO_SHOW, on=make_appointment())

    assert shown(audited, f"{URL}?who={officer.reference}") == [by_officer]
    assert shown(audited, f"{URL}?verb=searched") == [by_officer]
    assert shown(audited, f"{URL}?case={mine.reference.lower().replace('-', '')}") == [of_case]
    assert shown(audited, f"{URL}?who=portal") == [by_portal]
    assert shown(audited, f"{URL}?kind=scheduling.appointment") == [by_portal]
    assert shown(audited, f"{URL}?who={officer.reference}&verb=signed") == []


def test_days_are_those_of_utc_and_both_included(audited):
    day = datetime(2026, 3, 4, tzinfo=UTC)
    kept = event()
    moments = (-timedelta(microseconds=1), timedelta(0), timedelta(hours=23), timedelta(days=1))
    before, first, last, after = (event(at=day + one) for one in moments)

    assert set(shown(audited, f"{URL}?from=2026-03-04&until=2026-03-04")) == {first, last}
    assert set(shown(audited, f"{URL}?until=2026-03-04")) == {before, first, last}
    assert {after, kept} <= set(shown(audited, f"{URL}?from=2026-03-05"))
    assert first not in shown(audited, f"{URL}?from=2026-03-05")


def test_pages_of_days_follow_each_other_though_numbers_do_not(audited, monkeypatch):
    monkeypatch.setattr("officers.views.log.ROWS", 1)
    day = datetime(2026, 3, 4, tzinfo=UTC)
    late, early, same = event(at=day + timedelta(hours=2)), event(at=day), event(at=day)
    url, seen = f"{URL}?from=2026-03-04&until=2026-03-04", []

    while True:
        page = audited.get(url)
        seen += [row.pk for row in page.context["rows"]]
        if not page.context["older"]:
            break
        url = f"{URL}?{page.context['older']}"

    assert seen == [late, same, early]


def test_odd_addresses_show_everything(audited):
    event()

    for odd in (
        "who=nobody&verb=hacked&kind=x&case=zz&from=2026-02-31&until=x&before=zz",
        "before=99999999999999999999999",
        "until=9999-12-31&from=0001-01-01",
    ):
        page = audited.get(f"{URL}?{odd}")
        assert page.status_code == 200, odd


def test_form_leads_to_an_address_without_the_e_mail(audited):
    officer = make_officer()

    page = audited.post(
        URL, {"who": officer.email.upper(), "verb": "searched", "first": "2026-03-04", "case": " "}
    )

    assert page.status_code == 302
    assert page.url == f"{URL}?who={officer.reference}&verb=searched&from=2026-03-04"
    assert not Event.objects.exists()


def test_form_keeps_what_was_chosen(audited):
    officer, case = make_officer(), make_registration().reference

    form = audited.get(
        f"{URL}?who={officer.reference}&case={case}&from=2026-03-04&kind=scheduling.slot"
    ).content.decode()

    assert f'value="{officer.email}"' in form
    assert f'value="{case}"' in form
    assert 'value="2026-03-04"' in form
    assert '<option value="scheduling.slot" selected>' in form


MISTAKES = [
    ({"who": "nobody@example.org"}, "Nobody has an account"),
    ({"who": "x"}, "Enter a whole address"),
    ({"case": "R-1"}, "Enter a whole number"),
    ({"verb": "hacked"}, "Choose one from the list"),
    ({"first": "2026-03-04", "last": "2026-03-03"}, "must not be before the first"),
    ({"first": "soon"}, "Look at it once more"),
]


@pytest.mark.parametrize(("typed", "words"), MISTAKES)
def test_mistakes_are_named_and_what_was_typed_is_kept(audited, typed, words):
    page = audited.post(URL, typed)

    assert page.status_code == 200
    text = page.content.decode()
    assert words in text
    assert all(f'value="{value}"' in text for value in typed.values() if value != "hacked")


def test_person_and_portal_together_are_a_mistake(audited):
    page = audited.post(URL, {"who": make_user().email, "by_portal": "on"})

    assert "not both" in page.content.decode()


@pytest.fixture
def seal(audited):
    first = event()
    event()
    return Seal.objects.create(first_event=1, last_event=first, events=1, digest="ab" * 32)


def test_seals_are_shown(audited, seal):
    page = audited.get(URL)

    newest, sealed = page.context["rows"]
    assert (sealed.is_sealed, newest.is_sealed) == (True, False)
    assert page.context["waiting"] == 2  # this look is one
    assert seal.digest in page.content.decode()


def test_digest_is_a_file_to_keep(audited, seal):
    page = audited.get(f"{URL}seal.txt")

    assert page["Content-Disposition"] == 'attachment; filename="log-seal.txt"'
    text = page.content.decode()
    assert f"Digest:   {seal.digest}\n" in text
    assert f"Events:   1 to {seal.last_event}\n" in text


def test_log_without_a_seal_says_so(audited):
    assert "Nothing is sealed yet" in audited.get(URL).content.decode()
    assert audited.get(f"{URL}seal.txt").content == b"Nothing is sealed yet."


@pytest.mark.parametrize(
    "asked", ["", "?verb=viewed", "?from=2020-01-01&before=1", "?who=portal", "?kind=audit.event"]
)
def test_log_has_a_constant_number_of_queries(audited, seal, asked):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert audited.get(URL + asked).status_code == 200
        return len(queries)

    count()
    few = count()
    for _ in range(3):
        event(by=make_officer())

    assert count() == few
