"""Photos counted by group, and groups that fare otherwise than all others."""

from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib.errors import MovedOn, NotAllowed
from cbpone.photos.models import PhotoDrift, PhotoFigure
from officers import photo_figures
from scheduling.models import PortPreference
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_parole_supervisor,
    make_photo,
    make_port,
    make_registration,
    make_slot,
    make_supervisor,
)
from tests.factories.office_drift import make_drift, make_figure
from tests.factories.office_photos import photo_facts
from tests.factories.uploads import make_upload
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


def people_of(registration):
    return [member.traveler for member in registration.people()]


def figure(kind, group) -> PhotoFigure:
    return PhotoFigure.objects.get(kind=kind, group=group, day=photo_figures.today())


@pytest.fixture
def family(port):
    registration = make_registration(people=3)
    make_appointment(registration, make_slot(port))
    for traveler in people_of(registration):
        change(traveler, nationality="HT")
    return registration


def test_day_is_counted_by_nationality_port_language_and_browser(family, port):
    first, second, third = people_of(family)
    facts = {"language": "ht", "browser": "samsung"}
    make_photo(first, checked_by="yunet", findings=["face_not_found", "too_dark"], **facts)
    make_photo(second, checked_by="yunet", **facts)
    make_photo(third, **facts)

    photo_figures.count_day(photo_figures.today())

    for kind, group in [
        ("nationality", "HT"), ("port", port.code), ("language", "ht"), ("browser", "samsung"),
    ]:  # fmt: skip
        found = figure(kind, group)
        assert (found.attempts, found.checked, found.hinted) == (3, 2, 1)
        assert found.face_not_found == 1
        assert found.by_finding == {"face_not_found": 1, "too_dark": 1}


def test_file_that_was_refused_is_an_attempt_too(family):
    make_upload(people_of(family)[0], status="refused", browser="safari")

    photo_figures.count_day(photo_figures.today())

    found = figure("browser", "safari")
    assert (found.attempts, found.refused, found.checked) == (1, 1, 0)


@pytest.mark.parametrize("code", ["same_picture", "closed"])
def test_picture_that_was_not_needed_is_no_file_that_was_refused(family, code):
    make_upload(people_of(family)[0], status="refused", refusal=code)

    photo_figures.count_day(photo_figures.today())

    assert not PhotoFigure.objects.filter(attempts__gt=0).exists()


def test_port_is_the_first_choice_until_there_is_an_appointment(port):
    registration = make_registration(people=1)
    PortPreference.objects.filter(registration=registration).delete()
    for rank, wished in enumerate([make_port("laredo"), port], start=1):
        PortPreference.objects.create(registration=registration, port=wished, rank=rank)
    make_photo(people_of(registration)[0])

    photo_figures.count_day(photo_figures.today())

    assert figure("port", make_port("laredo").code).attempts == 1


def test_photo_left_to_an_officer_is_counted_once(family):
    first, second, third = people_of(family)
    make_photo(first, **photo_facts("at_port"))
    members = {member.traveler_id: member for member in family.people()}
    for traveler, at_port in ((first, True), (second, True), (third, False)):
        change(members[traveler.pk], photo_at_port=at_port)

    photo_figures.count_day(photo_figures.today())

    assert figure("nationality", "HT").at_port == 2


def test_counting_twice_changes_nothing(family):
    make_photo(people_of(family)[0])

    photo_figures.count_day(photo_figures.today())
    photo_figures.count_day(photo_figures.today())

    assert figure("nationality", "HT").attempts == 1


def test_days_missed_in_a_stop_are_counted_later(family, clock):
    make_photo(people_of(family)[0], added_at=clock.at - timedelta(days=6))

    photo_figures.count_lately()

    day = photo_figures.today() - timedelta(days=6)
    assert PhotoFigure.objects.get(kind="nationality", day=day).attempts == 1


# --- Groups that fare otherwise -----------------------------------------------------------


def test_group_with_far_more_advice_is_found_and_only_once():
    make_figure(group="chrome", attempts=500, checked=500, hinted=50)
    make_figure(group="safari", attempts=200, checked=200, hinted=60)

    found = photo_figures.watch()
    again = photo_figures.watch()

    assert {drift.group for drift in found} == {"chrome", "safari"}
    assert again == []
    open_one = PhotoDrift.objects.get(group="safari")
    assert (open_one.measure, open_one.share, open_one.others) == ("hinted", 300, 100)
    assert Event.objects.filter(verb="drift_found").count() == 2


@pytest.mark.parametrize(
    ("chrome", "safari"),
    [
        ({"hinted": 50}, {"attempts": 49, "checked": 49, "hinted": 40}),  # too few to say
        ({"hinted": 50}, {"attempts": 100, "checked": 100, "hinted": 14}),  # under five points
        ({"hinted": 50}, {"attempts": 60, "checked": 60, "hinted": 10}),  # could be chance
        ({"hinted": 0}, {"attempts": 100, "checked": 100, "hinted": 0}),
    ],
)
def test_small_gap_or_few_people_are_no_finding(chrome, safari):
    make_figure(group="chrome", attempts=500, checked=500, **chrome)
    make_figure(group="safari", **safari)

    assert photo_figures.watch() == []


def test_open_finding_is_renewed(clock):
    drift = make_drift(group="safari", share=400, found_at=clock.at - timedelta(days=2))
    make_figure(group="chrome", attempts=500, checked=500, hinted=50)
    make_figure(group="safari", attempts=200, checked=200, hinted=60)

    photo_figures.watch()

    drift.refresh_from_db()
    assert (drift.share, drift.renewed_at) == (300, clock.at)


@pytest.mark.parametrize(("hinted", "comes_up"), [(60, False), (90, True)])
def test_one_looked_into_comes_up_again_only_when_it_grows(clock, hinted, comes_up):
    seen = make_drift(group="safari")
    photo_figures.mark_seen(drift=seen, note="A new camera", by=make_supervisor())
    make_figure(group="chrome", attempts=500, checked=500, hinted=50)
    make_figure(group="safari", attempts=200, checked=200, hinted=hinted)

    photo_figures.watch()

    assert PhotoDrift.objects.filter(group="safari", seen_at=None).exists() == comes_up


def test_mark_seen_says_who_and_why():
    drift, by = make_drift(), make_supervisor()

    photo_figures.mark_seen(drift=drift, note="A new camera", by=by)

    assert (drift.seen_by, drift.note) == (by, "A new camera")
    assert Event.objects.get(verb="drift_seen").by == by
    with pytest.raises(MovedOn):
        photo_figures.mark_seen(drift=drift, note="Me too", by=by)


def test_mark_seen_by_an_auditor_is_refused():
    with pytest.raises(NotAllowed):
        photo_figures.mark_seen(drift=make_drift(), note="Hm", by=make_auditor())


def test_port_supervisor_sees_ports_of_their_own_only(port):
    own = make_drift(kind="port", group=port.code)
    other = make_drift(kind="port", group=make_port("laredo").code)
    shared = make_drift(kind="language", group="ht")

    assert set(photo_figures.drifts_of(make_supervisor(port))) == {own, shared}
    everything = {own, other, shared}
    assert set(photo_figures.drifts_of(make_auditor())) == everything
    assert set(photo_figures.drifts_of(make_parole_supervisor())) == everything


def test_port_of_a_post_that_has_ended_is_seen_no_more(port, clock):
    make_drift(kind="port", group=port.code)
    boss = make_supervisor(port)
    since, until = (clock.at.date() - timedelta(days=days) for days in (9, 3))
    boss.posts.update(since=since, until=until)

    assert not photo_figures.drifts_of(boss).exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_supervisors_at_once_mark_it_once(port):
    drift = make_drift()
    people = [make_supervisor(port), make_parole_supervisor()]

    results = at_once(
        [lambda by=by: photo_figures.mark_seen(drift=drift, note="Seen", by=by) for by in people]
    )

    assert kinds(results) == ["MovedOn", "ok"]
    assert Event.objects.filter(verb="drift_seen").count() == 1
