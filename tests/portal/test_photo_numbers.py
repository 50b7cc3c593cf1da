"""The public numbers of photos: nobody is named, and small groups cannot be worked out."""

import csv
import io

import pytest

from cbpone.portal import photo_numbers
from tests.factories.office_drift import make_figure

pytestmark = pytest.mark.django_db


def lines(kind) -> dict:
    table = next(one for one in photo_numbers.tables() if one.kind == kind)
    return {line.group: line for line in table.lines}


def test_groups_of_ten_and_more_are_shown():
    make_figure(group="chrome", attempts=40, checked=30, hinted=4)
    make_figure(group="safari", attempts=10, checked=10)

    shown = lines("browser")

    assert shown["chrome"].numbers["hinted"] == 4
    assert shown["safari"].numbers["attempts"] == 10


def test_small_group_is_hidden_and_the_next_one_with_it():
    for group, attempts in [("chrome", 40), ("safari", 12), ("opera", 3)]:
        make_figure(group=group, attempts=attempts, checked=0)

    shown = lines("browser")

    assert [group for group, line in shown.items() if line.is_hidden] == ["safari", "opera"]


def test_two_small_groups_hide_each_other():
    for group, attempts in [("chrome", 40), ("safari", 4), ("opera", 3)]:
        make_figure(group=group, attempts=attempts, checked=0)

    assert not lines("browser")["chrome"].is_hidden


def test_page_and_files_tell_the_same(client):
    make_figure(kind="nationality", group="HT", attempts=40, checked=40, hinted=4)

    page = client.get("/numbers/photos/").content.decode()
    rows = list(csv.DictReader(io.StringIO(client.get("/numbers/photos.csv").content.decode())))
    told = client.get("/numbers/photos.json").json()

    assert "Haiti" in page
    assert rows[0]["name"] == told["groups"][0]["name"] == "Haiti"
    assert (int(rows[0]["hinted"]), told["groups"][0]["hinted"]) == (4, 4)


def test_page_without_numbers_says_so(client):
    assert "Nothing was counted in these days." in client.get("/numbers/photos/").content.decode()
