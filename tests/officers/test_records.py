"""The records of the back office: whose rows an officer sees, finds and changes."""

from datetime import timedelta

import pytest

from cbpone.audit.log import record
from cbpone.audit.models import Event
from cbpone.audit.verbs import Verb
from cbpone.lib import clock as the_clock
from scheduling.models import Override, Post
from tests.factories import (
    make_appointment,
    make_auditor,
    make_officer,
    make_plan,
    make_port,
    make_slot,
    make_supervisor,
)
from tests.officers.saving import save


@pytest.fixture
def laredo(db):
    """A family at another port, and what was done there."""
    there = make_officer(make_port("laredo"))
    row = make_appointment(slot=make_slot(make_port("laredo")))
    owner = row.registration.owner
    record(Verb.SIGNED_IN, on=owner, by=owner)
    record(Verb.BOOKED, on=row, by=owner)
    record(Verb.SEARCHED, on=there, by=there, note="Josefina")
    record(Verb.VIEWED, on=row, by=there)
    return row


def shown(client, user, url) -> set:
    client.force_login(user)
    return {str(row.pk) for row in client.get(url).context["cl"].result_list}


def keys(rows) -> set:
    return {str(row.pk) for row in rows}


def test_events_of_another_port_are_not_shown(client, supervisor, laredo):
    assert shown(client, supervisor, "/officers/audit/event/") == set()


def test_events_of_own_cases_and_own_officers_are_shown(client, supervisor, officer, port):
    own = make_appointment(slot=make_slot(port))
    booked = record(Verb.BOOKED, on=own, by=own.registration.owner)
    searched = record(Verb.SEARCHED, on=officer, by=officer, note="ana")
    swept = record(Verb.NO_SHOW, on=own)

    assert shown(client, supervisor, "/officers/audit/event/") == keys([booked, searched, swept])


def test_events_are_all_shown_to_an_auditor(client, auditor, laredo):
    assert shown(client, auditor, "/officers/audit/event/") == keys(Event.objects.all())


def test_event_of_another_port_can_not_be_opened(client, supervisor, laredo):
    client.force_login(supervisor)
    event = Event.objects.get(verb="searched")

    response = client.get(f"/officers/audit/event/{event.pk}/change/")

    assert response.status_code == 302


def test_history_of_an_officer_leaves_out_what_was_done_at_another_port(client, supervisor, laredo):
    client.force_login(supervisor)
    officer = Event.objects.get(verb="searched").by

    page = client.get(f"/officers/accounts/user/{officer.pk}/history/").content.decode()

    assert "Josefina" not in page


SEARCHES = {
    "registration": lambda row: row.registration.reference,
    "appointment": lambda row: row.reference,
    "slot": lambda row: "laredo",
    "release": lambda row: "laredo",
}


@pytest.mark.parametrize("model", SEARCHES)
@pytest.mark.parametrize("finds", [False, True])
def test_search_finds_no_row_of_another_port(client, supervisor, laredo, model, finds):
    user = make_supervisor(make_port("laredo")) if finds else supervisor

    found = shown(client, user, f"/officers/scheduling/{model}/?q={SEARCHES[model](laredo)}")

    assert bool(found) == finds


@pytest.mark.parametrize("finds", [False, True])
def test_completion_of_a_number_tells_nothing_of_another_port(client, supervisor, laredo, finds):
    client.force_login(make_supervisor(make_port("laredo")) if finds else supervisor)
    asked = {"app_label": "scheduling", "model_name": "appointment", "field_name": "registration"}

    found = client.get("/officers/autocomplete/", asked | {"term": laredo.case[:5]}).json()[
        "results"
    ]

    assert bool(found) == finds


@pytest.mark.parametrize("finds", [False, True])
def test_search_of_events_finds_no_case_of_another_port(client, supervisor, laredo, finds):
    user = make_auditor() if finds else supervisor

    found = shown(client, user, f"/officers/audit/event/?q={laredo.case}")

    assert bool(found) == finds


@pytest.mark.parametrize(
    "asked", ["registration__owner__email__startswith=a", "slot__port__slug=laredo"]
)
def test_filter_by_other_columns_finds_nothing(client, supervisor, laredo, asked):
    client.force_login(supervisor)

    response = client.get(f"/officers/scheduling/appointment/?{asked}", follow=True)

    assert response.status_code == 400 or not response.context["cl"].result_list


def give(client, officer, port, **more):
    values = {"officer": officer.pk, "port": port.pk, "since": "2026-01-01", "until": ""}
    return client.post("/officers/scheduling/post/add/", values | more)


def test_post_for_another_officer_is_given(client, supervisor, port):
    client.force_login(supervisor)
    officer = make_officer()

    give(client, officer, port)

    assert officer.posts.get().port == port
    assert Event.objects.get(verb="posted").by == supervisor


def test_post_for_oneself_is_refused(client, supervisor, port):
    client.force_login(supervisor)
    supervisor.posts.update(until=the_clock.now().date())

    response = give(client, supervisor, port)

    assert response.status_code == 200
    assert supervisor.posts.count() == 1


def test_own_post_can_not_be_made_longer(client, supervisor):
    client.force_login(supervisor)
    post = supervisor.posts.get()
    Post.objects.update(until=the_clock.now().date())
    before = Post.objects.values().get()

    response = client.post(f"/officers/scheduling/post/{post.pk}/change/", {"until": ""})

    assert response.status_code == 403
    assert Post.objects.values().get() == before


def test_post_once_given_only_ends(client, supervisor, officer):
    client.force_login(supervisor)
    post = officer.posts.get()
    values = {"officer": supervisor.pk, "port": make_port("laredo").pk, "since": "2020-01-01"}

    save(client, f"/officers/scheduling/post/{post.pk}/change/", **values, until="2030-01-01")

    ended = Post.objects.get(pk=post.pk)
    assert (ended.officer, ended.port_id, ended.since) == (officer, post.port_id, post.since)
    assert ended.until.isoformat() == "2030-01-01"


def override(client, port, day):
    values = {
        "port": port.pk,
        "day": day.isoformat(),
        "starts_at": "08:00",
        "reason": "Fewer staff",
    }
    url = "/officers/scheduling/override/add/"
    return client.post(url, values | {"public_places": 5, "reserve_places": 0})


def test_override_of_a_released_day_is_refused(client, supervisor, port):
    client.force_login(supervisor)
    slot = make_slot(port, days_ahead=3)

    page = override(client, port, slot.day).content.decode()

    assert "This day is open already" in page
    assert "Change places" in page
    assert not Override.objects.exists()


def test_override_of_a_day_to_come_is_kept_and_no_longer_changed_once_it_is_open(
    client, supervisor, port
):
    client.force_login(supervisor)
    day = the_clock.today_in(port.zone) + timedelta(days=3)
    override(client, port, day)
    kept = Override.objects.get()
    make_slot(port, days_ahead=3)

    page = save(client, f"/officers/scheduling/override/{kept.pk}/change/", reason="More staff")

    assert "This day is open already" in page.content.decode()
    assert Event.objects.filter(verb="plan_changed").count() == 1


def test_weekly_plan_is_changed_though_its_days_are_open(client, supervisor, port):
    client.force_login(supervisor)
    slot = make_slot(port, days_ahead=3)
    values = {"port": port.pk, "weekday": slot.day.weekday(), "starts_at": "08:00"}

    client.post(
        "/officers/scheduling/slotplan/add/", values | {"public_places": 5, "reserve_places": 0}
    )

    assert port.plan.get().public_places == 5


def test_history_of_a_record_tells_who_changed_it(client, supervisor, port):
    make_plan(port, weekdays=[0])
    row = port.plan.get()
    client.force_login(supervisor)
    save(client, f"/officers/scheduling/slotplan/{row.pk}/change/", public_places=30)

    page = client.get(f"/officers/scheduling/slotplan/{row.pk}/history/")

    assert page.status_code == 200
    assert f"<b>{supervisor}</b> changed the weekly plan" in page.content.decode()
