"""The public pages of the daily selection: what they show, and what they never show."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from parole.models import DrawSeed, Selection, SupportRequest
from parole.selection import select_cases
from tests.factories import (
    make_auditor,
    make_cap,
    make_parole_supervisor,
    make_process,
    make_request,
    make_reviewer,
    make_selection,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)
LIST = "/selections/"
PAGE = "/selections/2026-06-30/"


def utc(*parts) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.fixture
def day_before(clock):
    """Noon in Washington on the 29th: tomorrow's seed is committed to."""
    clock.at = utc(2026, 6, 29, 16)
    make_cap(month=DAY.replace(day=1), quota=7)
    select_cases()
    return clock


@pytest.fixture
def made(day_before) -> Selection:
    make_cap(make_process("CU"), month=DAY.replace(day=1), quota=2)
    for country in ("CU", "HT", "CU", "HT", "HT", "CU", "VE", "NI", "HT", "HT"):
        make_request(status="pending", country=country)
    day_before.at = utc(2026, 6, 30, 10, 30)
    return select_cases()


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def words(response) -> str:
    return " ".join(body(response).decode().split())


# --- Before the run -----------------------------------------------------------------------


def test_selections_publish_the_commitment_before_the_day(client, day_before):
    seed = DrawSeed.objects.get(day=DAY)

    page = words(client.get(LIST))

    assert seed.commitment in page
    assert "For 30 June 2026 we have chosen a secret number." in page
    assert "29 June 2026, 12:00, Washington time" in page


def test_seed_is_on_no_page_before_the_run(client, day_before):
    secret = bytes(DrawSeed.objects.get(day=DAY).seed)
    officer = make_parole_supervisor()
    urls = [LIST, PAGE, f"{PAGE}pool.gz", f"{PAGE}result.txt", "/officers/parole/drawseed/",
            f"/officers/parole/drawseed/{DrawSeed.objects.get(day=DAY).pk}/change/",
            f"/officers/parole/drawseed/{DrawSeed.objects.get(day=DAY).pk}/history/",
            "/officers/parole/selection/", "/officers/audit/event/"]  # fmt: skip

    for hour in (16, 34):  # the day before; the same morning, minutes before it runs
        day_before.at = utc(2026, 6, 29) + timedelta(hours=hour - 0.1)
        for who in (None, officer):
            client.logout()
            if who:
                client.force_login(who)
            for url in urls:
                answer = body(client.get(url))
                for shown in (secret.hex(), str(secret), repr(memoryview(secret))):
                    assert shown.encode() not in answer, url


def test_selections_do_not_even_read_secrets(client, day_before, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as found:
        client.get(LIST)

    assert not [query for query in found if '"parole_drawseed"."seed"' in query["sql"]]


def test_selection_before_the_run_is_not_there(client, day_before):
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}pool.gz").status_code == 404
    assert client.get(f"{PAGE}result.txt").status_code == 404


def test_selections_of_a_new_portal_say_so(client, clock):
    page = words(client.get(LIST))

    assert "There is none yet." in page
    assert "Nobody has been chosen today so far." in page


def test_selections_say_when_today_is_due(client, day_before):
    day_before.at = utc(2026, 6, 30, 5)

    assert "Requests are chosen from 30 June 2026, 06:00, Washington time." in words(
        client.get(LIST)
    )


def test_selections_say_that_a_day_was_missed(client, day_before):
    day_before.at = utc(2026, 7, 2, 5)

    page = words(client.get(LIST))

    assert "30 June 2026</th><td" in page
    assert "Nobody was chosen. The places went to the other days of the month." in page


# --- After the run ------------------------------------------------------------------------


def test_selections_show_the_figures_of_today(client, made):
    page = words(client.get(LIST))

    assert "Today, 30 June 2026" in page
    assert "Haiti (H)" in page
    assert f'href="{PAGE}"' in page
    assert "1 in 2" in page  # three drawn of the six who were not chosen in order


def test_selection_shows_seed_commitment_and_hashes(client, made):
    page = words(client.get(PAGE))

    assert bytes(made.seed.seed).hex() in page
    for shown in (made.seed.commitment, made.pool_sha256, made.result_sha256):
        assert shown in page
    assert "python3 verify_selection.py 2026-06-30-pool.gz 2026-06-30-result.txt" in page


def test_selection_shows_no_personal_data(client, made):
    answers = [body(client.get(url)).decode("latin-1") for url in (LIST, PAGE, f"{PAGE}result.txt")]

    for row in SupportRequest.objects.select_related("owner", "supporter"):
        for private in (
            row.reference,
            row.owner.email,
            row.supporter.surnames,
            row.supporter.phone,
        ):
            assert not any(private in answer for answer in answers)


def test_selection_files_and_script_reproduce_the_result(client, made, tmp_path):
    """As a stranger would: save three files, type one line."""
    for url in (f"{PAGE}pool.gz", f"{PAGE}result.txt", reverse("parole:selection_script")):
        answer = client.get(url)
        name = answer["Content-Disposition"].split('"')[1]
        (tmp_path / name).write_bytes(body(answer))
    line = "verify_selection.py 2026-06-30-pool.gz 2026-06-30-result.txt".split()

    answer = subprocess.run(
        [sys.executable, "-I", *line], cwd=tmp_path, capture_output=True, text=True
    )

    assert answer.returncode == 0, answer.stderr
    assert made.seed.commitment in answer.stdout
    assert "YES: 2026-06-30, 4 in order of filing and 3 drawn" in answer.stdout
    lines = (tmp_path / "2026-06-30-result.txt").read_text().splitlines()[6:]
    rows = SupportRequest.objects.filter(selection=made).order_by("picked_rank")
    assert lines == [f"{r.picked_rank} {r.picked} {r.filing_number}" for r in rows]


def test_downloads_may_be_kept_by_caches_and_pages_may_not(client, made):
    assert client.get(f"{PAGE}result.txt")["Cache-Control"] == "public, max-age=3600"
    assert client.get(PAGE)["Cache-Control"] == "private, no-store"


def test_download_whose_file_is_gone_is_not_there(client, made):
    default_storage.delete(made.pool.name)

    assert client.get(f"{PAGE}pool.gz").status_code == 404


def test_download_of_a_day_without_files_is_not_there(client, db):
    day = make_selection().day

    assert client.get(f"/selections/{day}/").status_code == 200
    assert client.get(f"/selections/{day}/pool.gz").status_code == 404


@pytest.mark.parametrize(
    "url", ["/selections/2026-13-40/", "/selections/20260630/", "/selections/2026-07-01/"]
)
def test_selection_of_no_day_is_not_there(client, made, url):
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", [LIST, PAGE, f"{PAGE}pool.gz", f"{PAGE}result.txt"])
def test_selection_pages_only_read(client, made, url):
    assert client.post(url).status_code == 405


def test_selections_page_by_page(client, made):
    for ahead in range(1, 40):
        make_selection(DAY - timedelta(days=ahead))

    first, second = client.get(LIST), client.get(LIST, {"page": 2})

    assert len(first.context["table"]) == 31
    assert len(second.context["table"]) == 9
    assert client.get(LIST, {"page": "x"}).status_code == 200


def test_pages_cost_the_same_for_any_number_of_requests(client, made, django_assert_num_queries):
    with django_assert_num_queries(5):  # next, today, count, days, nationalities
        client.get(LIST)
    for _ in range(3):
        make_request(status="pending")
    with django_assert_num_queries(2):  # the day with its seed, nationalities
        client.get(PAGE)


def test_pages_are_light(client, made):
    for ahead in range(1, 40):
        make_selection(DAY - timedelta(days=ahead))

    for url in (LIST, PAGE):
        answer = client.get(url, headers={"accept-encoding": "gzip"})
        assert len(answer.content) < 10_000


# --- Back office --------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_reviewer, make_parole_supervisor, make_auditor])
def test_records_show_selections_and_commitments_to_officers(client, made, make):
    client.force_login(make())
    seed = made.seed

    assert client.get("/officers/parole/selection/").status_code == 200
    assert seed.commitment in words(client.get(f"/officers/parole/selection/{made.pk}/change/"))
    assert seed.commitment in words(client.get("/officers/parole/drawseed/"))
    assert client.get("/officers/parole/drawseed/add/").status_code == 403
    assert client.post(f"/officers/parole/drawseed/{seed.pk}/delete/").status_code == 403
    change = f"/officers/parole/drawseed/{seed.pk}/change/"
    assert bytes(seed.seed).hex() not in words(client.get(change))
    assert client.post(change, {"day": "2026-01-01"}).status_code == 403
