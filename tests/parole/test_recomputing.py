"""Anybody can choose again: what recomputing finds, and the two commands."""

import gzip
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from parole.models import Selection, SupportRequest
from parole.recomputing import recompute
from parole.selection import commit_seed, select_cases
from tests.factories import make_cap, make_process, make_request, make_reviewer

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)  # the last of its month: all that is left goes to it


@pytest.fixture
def morning(clock):
    """06:30 in Washington; the seed was committed to the day before."""
    clock.at = datetime(2026, 6, 29, 15, tzinfo=UTC)
    commit_seed(DAY)
    clock.at = datetime(2026, 6, 30, 10, 30, tzinfo=UTC)
    return clock


@pytest.fixture
def made(morning) -> Selection:
    make_cap(month=DAY.replace(day=1), quota=7)
    make_cap(make_process("CU"), month=DAY.replace(day=1), quota=2)
    for country in ("CU", "HT", "CU", "HT", "HT", "CU", "VE", "NI", "HT", "HT"):
        make_request(status="pending", country=country)
    return select_cases()


def test_recompute_agrees(made):
    found = recompute(made)

    assert (found.order, found.draw, found.differs, found.missing) == (4, 3, [], 0)


@pytest.mark.parametrize(
    ("name", "value", "differs"),
    [
        ("pool_sha256", "0" * 64, "list of who waited"),
        ("result_sha256", "0" * 64, "hash of the result"),
        ("wanted", 5, "published result"),
        ("limits", {}, "published result"),
        ("counts", {}, "counts"),
    ],
)
def test_recompute_notices_what_was_changed(made, name, value, differs):
    setattr(made, name, value)

    assert differs in recompute(made).differs


def test_recompute_notices_another_seed(made):
    made.seed.seed = bytes(32)

    assert {"seed", "published result"} <= set(recompute(made).differs)


def test_recompute_notices_a_changed_list(made):
    with made.pool.open() as file:
        pool = gzip.decompress(file.read())
    with default_storage.open(made.pool.name, "wb") as file:
        file.write(gzip.compress(pool.replace(b"V", b"N")))

    assert {"list of who waited", "published result"} <= set(recompute(made).differs)


@pytest.mark.parametrize("data", [b"", b"not gzip"])
def test_recompute_unreadable_list_differs(made, data):
    with default_storage.open(made.pool.name, "wb") as file:
        file.write(data)

    assert "list of who waited" in recompute(made).differs


def test_recompute_missing_files_differ(made):
    default_storage.delete(made.pool.name)
    default_storage.delete(made.result.name)

    assert {"list of who waited", "published result"} <= set(recompute(made).differs)


def test_recompute_notices_a_request_slipped_in(made):
    make_request(status="selected", selection=made, picked="draw", picked_rank=8)

    assert recompute(made).differs == ["requests"]


def test_recompute_review_that_went_on_changes_nothing(made):
    row = SupportRequest.objects.filter(selection=made).first()
    SupportRequest.objects.filter(pk=row.pk).update(
        status="confirmed", decided_by=make_reviewer(), decided_at=made.ran_at
    )

    assert recompute(made).differs == []


# --- Commands -----------------------------------------------------------------------------


def run(*words) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_command_select_cases_says_what_it_did(morning):
    make_cap(month=DAY.replace(day=1), quota=3)
    for _ in range(4):
        make_request(status="pending")

    said = run("select_cases")

    assert said == (
        "30 June 2026: 3 places, 4 requests waited, 2 chosen in order of filing, 1 drawn.\n"
    )
    assert run("select_cases").startswith("Nothing was chosen")


def test_command_recompute_selection_says_that_it_agrees(made):
    assert run("recompute_selection", "2026-06-30") == (
        "It agrees: 4 in order of filing and 3 drawn, exactly these.\n"
    )


def test_command_recompute_selection_says_what_differs(made):
    default_storage.delete(made.result.name)

    with pytest.raises(CommandError, match="What differs: published result"):
        run("recompute_selection", "2026-06-30")


def test_command_recompute_selection_of_no_day_is_refused(db):
    with pytest.raises(CommandError, match="no selection of 1 July 2026"):
        run("recompute_selection", "2026-07-01")
