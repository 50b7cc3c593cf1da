"""The pages of bulk actions: from a list's tick marks to the report."""

import uuid

import pytest
from django.core.cache import cache

from cbpone.audit.models import Event
from officers import tasks
from officers.bulk import choosing, running
from officers.models import BulkRun
from parole.models import SupportRequest
from tests.breaking import change
from tests.factories import (
    make_appointment,
    make_auditor,
    make_parole_supervisor,
    make_port,
    make_request,
    make_reviewer,
    make_slot,
    make_travel_officer,
)
from tests.factories.office_runs import make_row, make_run
from tests.officers.bulking import choose, start
from tests.officers.reviewing import get, post, queries

pytestmark = pytest.mark.django_db
HOME = "/officers/bulk/"
LIST = "/officers/parole/supportrequest/"


@pytest.fixture
def boss(db):
    return make_parole_supervisor()


@pytest.fixture
def held(db):
    reviewer = make_reviewer()
    return [make_request(status="selected", taken_by=reviewer) for _ in range(3)]


def ticked(client, user, rows, action="put_back_reviews", url=LIST, **more):
    typed = {"action": action, "_selected_action": [row.pk for row in rows], "index": 0}
    return post(client, user, url, **typed | more)


def chosen(response) -> list[int]:
    """The rows of the choice that a response leads to."""
    reference = response.url.removesuffix("/").rpartition("/")[2]
    return cache.get(f"bulk:{reference}")["ids"]


def test_whole_way_from_the_list_to_the_report(client, boss, held):
    page = ticked(client, boss, held[:2])
    preview = post(client, boss, page.url, reason="They are ill")
    assert preview.url == f"{page.url}preview/"
    foreseen = get(client, boss, preview.url)
    started = post(client, boss, f"{page.url}start/")
    waiting = get(client, boss, started.url)
    tasks.run_bulk(BulkRun.objects.get().pk)
    report = get(client, boss, started.url)

    assert foreseen.count("will be done") == 2
    assert "Do it for 2 rows" in foreseen
    assert "They are ill" in foreseen
    assert "0 of 2" in waiting
    assert 'value="0">0 of 2</progress>' in waiting
    assert "<dt>done</dt><dd>2</dd>" in report
    assert "<progress" not in report
    assert held[0].reference in report
    assert SupportRequest.objects.filter(taken_by=None).count() == 2


def test_list_gives_all_that_match_its_filter_and_no_other(client, boss, held):
    other = make_request(status="more_info", taken_by=make_reviewer())

    page = ticked(client, boss, held[:1], url=f"{LIST}?status=selected", select_across=1)

    assert chosen(page) == sorted(row.pk for row in held)
    assert other.pk not in chosen(page)


def test_list_with_nothing_ticked_says_so(client, boss, held):
    client.force_login(boss)

    page = client.post(LIST, {"action": "put_back_reviews", "index": 0}, follow=True)

    assert "Items must be selected" in page.content.decode()


def test_list_with_too_many_says_so(client, boss, held, monkeypatch):
    monkeypatch.setattr(choosing, "MOST", 2)
    client.force_login(boss)
    typed = {"action": "put_back_reviews", "_selected_action": [1], "select_across": 1}

    page = client.post(LIST, typed, follow=True)

    assert "more than 5,000 rows" in page.content.decode()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (LIST, ["Put reviews back", "Give reviews to another officer"]),
        ("/officers/parole/beneficiary/", ["Put travel cases back"]),
    ],
)
def test_lists_offer_actions_to_supervisors_alone(client, boss, held, url, words):
    page = get(client, boss, url)
    assert all(word in page for word in words)

    reviewer = make_reviewer() if url == LIST else make_travel_officer()
    assert not any(word in get(client, reviewer, url) for word in words)
    ticked(client, reviewer, held, url=url)
    assert not Event.objects.filter(verb="put_back").exists()


def test_list_of_appointments_moves_families(client, supervisor, officer, port):
    family = make_appointment(slot=make_slot(port))
    url = "/officers/scheduling/appointment/"

    assert "Move families to the next free time" in get(client, supervisor, url)
    assert "Move families" not in get(client, officer, url)
    page = ticked(client, supervisor, [family], "move_families", url)
    assert chosen(page) == [family.pk]


def test_list_leaves_out_ticked_rows_of_another_port(client, supervisor, port):
    mine = make_appointment(slot=make_slot(port))
    other = make_appointment(slot=make_slot(make_port("laredo")))

    page = ticked(
        client, supervisor, [mine, other], "move_families", "/officers/scheduling/appointment/"
    )

    assert chosen(page) == [mine.pk]


def test_home_begins_with_all_that_an_action_is_meant_for(client, boss, held):
    make_request(status="selected")

    page = post(client, boss, f"{HOME}begin/put_back_reviews/")

    assert chosen(page) == sorted(row.pk for row in held)
    assert "3 rows are chosen." in get(client, boss, page.url)


def test_home_says_when_there_is_no_row(client, boss):
    client.force_login(boss)

    page = client.post(f"{HOME}begin/put_back_reviews/", follow=True)

    assert "No row is chosen. Choose at least one." in page.content.decode()


def test_unknown_action_is_not_found(client, boss):
    assert post(client, boss, f"{HOME}begin/cancel_appointments/").status_code == 404


def test_home_is_for_who_may_run_something_and_for_auditors(
    client, boss, officer, applicant, auditor
):
    make_run(by=boss)
    assert "Put reviews back" in get(client, boss, HOME)
    page = get(client, auditor, HOME)
    assert "put_back_reviews" not in page
    assert "Begin with all" not in page

    for user in (officer, applicant, make_reviewer()):
        client.force_login(user)
        assert client.get(HOME).status_code == 403
        assert client.post(f"{HOME}begin/put_back_reviews/").status_code == 403
        assert client.get(f"{HOME}choices/{uuid.uuid4()}/").status_code == 403
    auditor_begins = post(client, auditor, f"{HOME}begin/put_back_reviews/")
    assert auditor_begins.status_code == 403


def test_form_without_a_reason_keeps_what_was_typed(client, boss, held):
    to = make_reviewer()
    page = ticked(client, boss, held, "reassign_reviews")

    answer = post(client, boss, page.url, to=str(to.reference), reason=" ")

    text = answer.content.decode()
    assert "Write why. It stays on record." in text
    assert f'value="{to.reference}" selected' in text
    assert not BulkRun.objects.exists()


def test_form_offers_officers_of_that_work_alone(client, boss, held):
    gone, other = make_reviewer(), make_travel_officer()
    change(gone, is_active=False)
    page = get(client, boss, ticked(client, boss, held, "reassign_reviews").url)

    assert str(held[0].taken_by) in page
    assert f">{gone}<" not in page
    assert f">{other}<" not in page


def test_preview_tells_row_by_row_what_is_refused_and_why(client, boss, held):
    choice = choose("put_back_reviews", held, boss)
    change(held[0], taken_by=None, taken_at=None)

    page = get(client, boss, f"{HOME}choices/{choice.reference}/preview/")

    assert (page.count("will be done"), page.count("will be refused")) == (2, 1)
    assert "Another officer has this case, or nobody." in page
    assert not BulkRun.objects.exists()
    assert not Event.objects.filter(verb="put_back").exists()


def test_preview_tells_who_gets_the_work(client, boss, held):
    to = make_reviewer()
    choice = choose("reassign_reviews", held, boss, to=str(to.reference))

    page = get(client, boss, f"{HOME}choices/{choice.reference}/preview/")

    assert f"<dd>{to}</dd>" in page


def test_preview_comes_in_pages(client, boss, held, monkeypatch):
    monkeypatch.setattr("officers.views.bulk.ROWS", 2)
    choice = choose("put_back_reviews", held, boss)
    url = f"{HOME}choices/{choice.reference}/preview/"

    assert "Page 1 of 2" in get(client, boss, url)
    assert get(client, boss, f"{url}?page=2").count("will be done") == 1


def test_preview_before_the_form_leads_to_the_form(client, boss, held):
    page = ticked(client, boss, held)

    for verb in ("preview", "start"):
        client.force_login(boss)
        ask = client.get if verb == "preview" else client.post
        assert ask(f"{page.url}{verb}/").url == page.url
    assert not BulkRun.objects.exists()


def test_choice_of_another_officer_or_that_is_gone_leads_home(client, boss, held):
    choice = choose("put_back_reviews", held, make_parole_supervisor())
    for reference in (choice.reference, uuid.uuid4()):
        url = f"{HOME}choices/{reference}/"
        assert post(client, boss, f"{url}start/").url == HOME
        for page in (url, f"{url}preview/"):
            client.force_login(boss)
            assert "not kept any more" in client.get(page, follow=True).content.decode()

    assert not BulkRun.objects.exists()


def test_start_pressed_twice_leads_to_the_same_run(client, boss, held):
    choice = choose("put_back_reviews", held, boss)
    url = f"{HOME}choices/{choice.reference}/start/"

    pages = {post(client, boss, url).url for _ in range(2)}

    assert pages == {f"{HOME}{BulkRun.objects.get().reference}/"}


def test_start_when_every_row_is_gone_says_so(client, boss, held):
    choice = choose("put_back_reviews", held[:1], boss)
    choice.ids = [0]
    choosing.answer(choice, choice.values)
    client.force_login(boss)

    page = client.post(f"{HOME}choices/{choice.reference}/start/", follow=True)

    assert "No row is chosen" in page.content.decode()


@pytest.mark.parametrize("verb", ["choices/{}/start", "begin/put_back_reviews", "{}/stop"])
def test_verbs_are_not_pages(client, boss, verb):
    client.force_login(boss)

    assert client.get(f"{HOME}{verb.format(uuid.uuid4())}/").status_code == 405


def test_run_page_stops_it(client, boss, held):
    run = start("put_back_reviews", held, boss)
    url = f"{HOME}{run.reference}/"
    assert "Stop</button>" in get(client, boss, url)

    post(client, boss, f"{url}stop/")

    assert "It stops before the next row." in get(client, boss, url)
    tasks.run_bulk(run.pk)
    report = get(client, boss, url)
    assert report.count("not begun, stopped before</span>") == 3
    assert "Stop</button>" not in report
    client.force_login(boss)
    late = client.post(f"{url}stop/", follow=True).content.decode()
    assert "This has ended already." in late


def test_run_page_counts_refusals_by_their_reason(client, boss, held):
    for row in held[:2]:
        change(row, taken_by=None, taken_at=None)
    run = start("put_back_reviews", held, boss)
    running.carry_out(run.pk)

    page = get(client, boss, f"{HOME}{run.reference}/")

    assert "<dt>refused</dt><dd>2</dd>" in page
    assert '<b class="number">2</b>: Another officer has this case, or nobody.' in page


def test_run_page_tells_a_script_how_far_it_is(client, boss, held):
    run = start("put_back_reviews", held, boss)
    url = f"{HOME}{run.reference}/?progress"
    client.force_login(boss)
    assert client.get(url).json() == {"done": 0, "total": 3, "words": "0 of 3", "open": True}

    running.carry_out(run.pk)

    assert client.get(url).json() == {"done": 3, "total": 3, "words": "3 of 3", "open": False}


def test_run_of_strangers_is_not_found_and_not_stopped(client, boss, held, supervisor, officer):
    run = start("put_back_reviews", held, boss)
    url = f"{HOME}{run.reference}/"

    for user in (supervisor, officer, make_reviewer()):
        client.force_login(user)
        assert client.get(url).status_code == 404
        assert client.post(f"{url}stop/").status_code == 404
    assert "Put reviews back" in get(client, make_auditor(), url)
    client.force_login(make_auditor())
    assert "not allowed" in client.post(f"{url}stop/", follow=True).content.decode()
    assert BulkRun.objects.get().stop_asked_at is None


def test_run_of_an_action_that_is_gone_is_still_shown(client, auditor):
    run = make_run(action="set_on_fire", values={"to": "x"})

    assert "set_on_fire" in get(client, auditor, f"{HOME}{run.reference}/")
    assert "set_on_fire" in get(client, auditor, HOME)


def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_three(client, boss):
    run = make_run(by=boss)
    make_row(run, status="refused", said="No")
    client.force_login(boss)
    urls = [HOME, f"{HOME}{run.reference}/"]
    before = [queries(client, url) for url in urls]

    for _ in range(2):
        make_row(run, status="refused", said="No")
        make_row(make_run(by=make_parole_supervisor()))

    assert [queries(client, url) for url in urls] == before
