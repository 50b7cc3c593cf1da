"""The pages of exports: asked for with a reason, watched, fetched by one officer for a day."""

import uuid

import pytest
from django.conf import settings

from cbpone.audit.models import Event
from officers.exports import asking, making
from officers.models import Export
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_parole_supervisor,
    make_port,
    make_slot,
    make_supervisor,
)
from tests.factories.office_runs import make_export
from tests.officers.exporting import ask, bytes_of, made, read_csv, read_xlsx
from tests.officers.reviewing import get, post, queries

pytestmark = pytest.mark.django_db
HOME = "/officers/exports/"
DAYS = {
    "first_day_day": "1", "first_day_month": "1", "first_day_year": "2026",
    "last_day_day": "31", "last_day_month": "12", "last_day_year": "2027",
}  # fmt: skip
TYPED = DAYS | {"format": "csv", "reason": "A count", "port": "", "status": ""}


@pytest.fixture
def family(port):
    return make_appointment(slot=make_slot(port))


def page_of(row, verb="") -> str:
    return f"{HOME}{row.reference}/{verb and verb + '/'}"


def content(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_whole_way_from_the_form_to_the_file(client, supervisor, family, format):
    page = post(client, supervisor, f"{HOME}new/appointments/", **TYPED | {"format": format})
    row = Export.objects.get()
    assert page.url == page_of(row)
    waiting = get(client, supervisor, page.url)
    making.make(row.pk)
    ready = get(client, supervisor, page.url)
    response = client.get(page_of(row, "file"))

    assert "waits to begin" in waiting
    assert "Fetch the file" not in waiting
    assert "Fetch the file" in ready
    assert response["Content-Disposition"].endswith(f'-{row.asked_at:%Y-%m-%d}.{format}"')
    assert "no-store" in response["Cache-Control"]
    read = read_csv if format == "csv" else read_xlsx
    assert len(read(content(response))) == 4
    assert Export.objects.get().fetched == 1
    assert Event.objects.filter(verb="export_fetched", by=supervisor).count() == 1


def test_form_with_mistakes_keeps_what_was_typed(client, supervisor, port):
    typed = TYPED | {"reason": "", "last_day_year": "2025", "status": "booked"}

    text = post(client, supervisor, f"{HOME}new/appointments/", **typed).content.decode()

    assert "Write why. It stays on record." in text
    assert "The last day must not be before the first." in text
    assert 'value="booked" selected' in text
    assert 'value="2025"' in text
    assert not Export.objects.exists()


def test_form_says_when_there_are_too_many_rows(client, supervisor, family, monkeypatch):
    monkeypatch.setattr(asking, "MOST_ROWS", 2)

    text = post(client, supervisor, f"{HOME}new/appointments/", **TYPED).content.decode()

    assert "These are 3 rows." in text
    assert "A count</textarea>" in text


def test_form_offers_own_ports_alone(client, supervisor):
    page = get(client, supervisor, f"{HOME}new/appointments/")
    typed = TYPED | {"port": "laredo"}

    assert ">San Ysidro<" in page
    assert "Laredo" not in page
    assert (
        "Choose one from the list."
        in post(client, supervisor, f"{HOME}new/appointments/", **typed).content.decode()
    )


ROLES = {
    make_supervisor: ["appointments", "numbers"],
    make_parole_supervisor: ["requests", "authorizations", "numbers"],
    make_auditor: ["events", "numbers"],
}


@pytest.mark.parametrize("make", ROLES)
def test_page_offers_each_role_its_kinds_and_no_other(client, make):
    user = make()
    page = get(client, user, HOME)

    for kind in ("appointments", "requests", "authorizations", "events", "numbers"):
        url = f"{HOME}new/{kind}/"
        assert (f'href="{url}"' in page) == (kind in ROLES[make])
        assert client.get(url).status_code == (200 if kind in ROLES[make] else 403)
        assert post(client, user, url, **TYPED).status_code in (302, 403)
    assert set(Export.objects.values_list("kind", flat=True)) == set(ROLES[make])
    assert client.get(f"{HOME}new/everything/").status_code == 404


def test_pages_are_for_who_may_export_or_look_after_it(client, officer, applicant, supervisor):
    row = make_export(by=supervisor)
    for user in (officer, applicant):
        client.force_login(user)
        assert client.get(HOME).status_code == 403
        assert client.get(page_of(row)).status_code == 403
        assert client.post(page_of(row, "stop")).status_code == 403
        assert client.get(page_of(row, "file")).status_code in (403, 404)
    client.logout()
    assert client.get(HOME).status_code == 302


def test_link_is_for_nobody_else(client, supervisor, family, port):
    row = made("appointments", supervisor)

    for user in (make_supervisor(port), make_parole_supervisor(), make_auditor()):
        page = get(client, user, page_of(row))
        assert "Only the officer who asked can fetch the file." in page
        assert client.get(page_of(row, "file")).status_code == 404
    client.logout()
    assert client.get(page_of(row, "file")).status_code == 302
    assert Export.objects.get().fetched == 0
    assert client.get(f"{HOME}{uuid.uuid4()}/file/").status_code == 302


def test_link_before_the_file_is_made_leads_to_its_page(client, supervisor, family):
    row = ask("appointments", supervisor)
    client.force_login(supervisor)

    assert client.get(page_of(row, "file")).url == page_of(row)


def test_link_is_gone_when_the_time_is_over(client, supervisor, family, clock):
    row = made("appointments", supervisor)
    clock.forward(hours=settings.EXPORT_HOURS)
    client.force_login(supervisor)

    for _before_and_after in range(2):
        response = client.get(page_of(row, "file"))
        assert response.status_code == 410
        assert "This file is not kept any more." in response.content.decode()
        assert "Fetch the file" not in get(client, supervisor, page_of(row))
        making.purge()
    assert Export.objects.get().fetched == 0


def test_link_of_one_that_was_stopped_or_failed_is_gone(client, supervisor):
    client.force_login(supervisor)

    for status in ("stopped", "failed"):
        row = make_export(by=supervisor, status=status)
        assert client.get(page_of(row, "file")).status_code == 410


def test_link_without_the_permission_any_more_is_refused(client, supervisor, family):
    row = made("appointments", supervisor)
    supervisor.groups.clear()
    client.force_login(supervisor)

    assert client.get(page_of(row, "file")).status_code == 403
    assert Export.objects.get().fetched == 0


def test_page_stops_it(client, supervisor, family, port):
    row = ask("appointments", supervisor)
    assert "Stop</button>" in get(client, supervisor, page_of(row))

    other = make_supervisor(port)
    assert "Stop</button>" not in get(client, other, page_of(row))
    client.force_login(other)
    assert "not allowed" in client.post(page_of(row, "stop"), follow=True).content.decode()

    page = post(client, supervisor, page_of(row, "stop"))
    assert page.url == page_of(row)
    assert Export.objects.get().status == "stopped"
    late = client.post(page_of(row, "stop"), follow=True).content.decode()
    assert "There is nothing to stop." in late


def test_page_tells_that_it_stops_soon(client, supervisor):
    row = make_export(by=supervisor, status="running", rows=5_000)

    post(client, supervisor, page_of(row, "stop"))

    page = get(client, supervisor, page_of(row))
    assert "It stops soon." in page
    assert "Stop</button>" not in page


def test_page_tells_a_script_how_far_it_is(client, supervisor):
    row = make_export(by=supervisor, status="running", rows=5_000)
    change(row, rows_done=2_000)
    client.force_login(supervisor)

    told = client.get(f"{page_of(row)}?progress").json()

    assert told == {"done": 2000, "total": 5000, "words": "2,000 of 5,000", "open": True}
    assert "<progress" in get(client, supervisor, page_of(row))


def test_page_says_what_was_asked_in_words(client, supervisor, family):
    row = ask("appointments", supervisor, port="san-ysidro", status="booked",
              first_day="2026-11-01")  # fmt: skip

    page = get(client, supervisor, page_of(row))

    for words in ("1 November 2026", "<dd>San Ysidro</dd>", "<dd>booked</dd>", "A count"):
        assert words in page


def test_page_of_a_failed_one_says_what_to_do(client, supervisor):
    row = make_export(by=supervisor, status="failed")

    assert "Ask for it again." in get(client, supervisor, page_of(row))


@pytest.mark.parametrize("verb", ["stop"])
def test_verbs_are_not_pages(client, supervisor, verb):
    client.force_login(supervisor)

    assert client.get(f"{HOME}{uuid.uuid4()}/{verb}/").status_code == 405


def test_list_shows_own_files_and_to_those_who_look_after_it_all(client, supervisor, auditor):
    mine = make_export(by=supervisor, reason="Mine")
    make_export(by=make_supervisor(make_port("laredo")), reason="Theirs")

    for user in (supervisor, auditor, make_parole_supervisor()):
        page = get(client, user, HOME)
        assert "Mine" in page
        assert "Theirs" in page
        assert str(mine.asked_by) in page


def test_list_asks_the_same_number_of_questions_for_one_row_and_for_three(client, supervisor):
    client.force_login(supervisor)
    make_export(by=supervisor)
    before = queries(client, HOME)

    for _ in range(2):
        make_export(by=make_supervisor(), status="done")

    assert queries(client, HOME) == before


def test_file_is_whole_after_the_sealing_key_was_changed(supervisor, family, monkeypatch):
    row = made("appointments", supervisor)
    monkeypatch.setattr(settings, "FIELD_KEYS", ["a newer key", *settings.FIELD_KEYS])

    assert len(read_csv(bytes_of(row))) == 4
