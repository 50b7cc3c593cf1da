"""The public numbers of photos: nobody is named, and small groups cannot be worked out."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cbpone.photos.statuses import Finding, GroupKind
from cbpone.portal import photo_numbers
from tests.factories.office_drift import make_figure
from tests.portal.test_weight import LATER
from tests.portal.test_weight import page as weight

pytestmark = pytest.mark.django_db
URL = "/numbers/photos/"


def lines(kind="browser") -> dict:
    table = next(one for one in photo_numbers.tables() if one.kind == kind)
    return {line.group: line for line in table.lines}


def shown(kind="browser") -> list[str]:
    return [group for group, line in lines(kind).items() if line.numbers is not None]


def in_csv(client) -> list[dict]:
    return list(csv.DictReader(io.StringIO(client.get("/numbers/photos.csv").content.decode())))


def test_groups_of_ten_and_more_are_shown():
    make_figure(group="chrome", attempts=40, checked=30, hinted=4)
    make_figure(group="safari", attempts=10, checked=10)

    found = lines()

    assert found["chrome"].numbers["hinted"] == 4
    assert found["safari"].numbers["attempts"] == 10


def test_numbers_are_of_thirty_days(clock):
    for days in (0, 29, 30):
        make_figure(day=(clock.at - timedelta(days=days)).date(), attempts=20, checked=0)

    assert lines()["chrome"].numbers["attempts"] == 40


def test_small_group_is_hidden_and_the_next_one_with_it():
    for group, attempts in [("chrome", 40), ("safari", 12), ("opera", 3)]:
        make_figure(group=group, attempts=attempts, checked=0)

    found = lines()

    assert shown() == ["chrome"]
    assert [group for group, line in found.items() if line.is_few] == ["opera"]


def test_two_small_groups_hide_each_other():
    for group, attempts in [("chrome", 40), ("safari", 4), ("opera", 3)]:
        make_figure(group=group, attempts=attempts, checked=0)

    assert shown() == ["chrome"]


def test_one_small_group_alone_is_hidden():
    make_figure(attempts=9, checked=9)

    assert shown() == []


def test_people_counted_in_two_columns_do_not_make_a_group_larger():
    make_figure(group="chrome", attempts=40, checked=0)
    make_figure(group="safari", attempts=6, checked=0, at_port=5)
    make_figure(group="opera", attempts=3, checked=0)

    assert shown() == ["chrome"]


def test_page_and_files_tell_the_same(client):
    found = {"too_dark": 3, "blurry": 1}
    facts = {"attempts": 40, "checked": 40, "hinted": 4, "by_finding": found}
    make_figure(kind="nationality", group="HT", **facts)

    page = client.get(URL).content.decode()
    (row,) = in_csv(client)
    told = client.get("/numbers/photos.json").json()

    assert "Haiti" in page
    assert row["name"] == told["groups"][0]["name"] == "Haiti"
    assert (int(row["hinted"]), told["groups"][0]["hinted"]) == (4, 4)
    assert (int(row["too_dark"]), told["groups"][0]["too_dark"]) == (3, 3)
    assert set(Finding.values) < set(row)


def test_files_leave_empty_what_the_page_hides(client):
    make_figure(group="chrome", attempts=40, checked=0)
    make_figure(group="safari", attempts=12, checked=0)
    make_figure(group="opera", attempts=3, checked=0)

    page = client.get(URL).content.decode()
    rows = {row["group"]: row for row in in_csv(client)}
    told = client.get("/numbers/photos.json").json()

    assert page.count("<td colspan") == 2
    assert page.count("fewer than 10</td>") == 1
    assert rows["opera"]["attempts"] == rows["safari"]["attempts"] == ""
    assert [one["attempts"] for one in told["groups"]] == [40, None, None]


def test_files_are_in_english_for_everybody(client):
    make_figure(kind="nationality", group="HT")
    client.cookies["django_language"] = "es"

    assert in_csv(client)[0]["name"] == "Haiti"


def test_note_that_was_made_of_few_pictures_is_not_told(client):
    make_figure(checked=100, hinted=30, by_finding={"too_dark": 20, "tilted": 9})

    page = client.get(URL).content.decode()

    assert str(Finding.TOO_DARK.label) in page
    assert str(Finding.TILTED.label) not in page


def test_page_tells_what_is_never_measured_and_how_the_detector_is_tested(client):
    page = client.get(URL).content.decode()

    assert "Nothing was counted in these days." in page
    assert "The colour of a skin, a head covering" in page
    assert "docs/photo-fairness.md" in page


def test_page_is_read_from_the_cache_for_a_while(client):
    make_figure(attempts=40, checked=0)
    client.get(URL)
    make_figure(group="safari", attempts=40, checked=0)

    with CaptureQueriesContext(connection) as asked:
        page = client.get(URL).content.decode()

    assert "Safari" not in page
    assert not [query for query in asked if "photos_photofigure" in query["sql"]]


def test_page_of_many_groups_fits_a_bad_line(client):
    for number, kind in enumerate(GroupKind.values):
        groups = {"browser": ["chrome", "safari", "samsung", "firefox", "in_app", "other"]}
        for group in groups.get(kind, [f"{number}{place}" for place in range(40)]):
            make_figure(kind=kind, group=group, attempts=1234, checked=1200, hinted=345)

    assert weight(client, URL) <= LATER
