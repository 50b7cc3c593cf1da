"""Leads that are found after the support was confirmed: for a supervisor to say what they mean."""

import pytest

from cbpone.audit import conflicts
from cbpone.audit.conflicts import InConflict
from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from cbpone.lib.errors import MovedOn, NotAllowed
from parole import review, reviewers
from parole.models import Flag, SupportRequest
from parole.reviewers import FlagsWaiting, NotWaiting, OwnRequest
from tests.factories import make_parole_supervisor, make_request, make_reviewer
from tests.facts import told
from tests.officers.reviewing import QUEUE, get, page_of, post
from tests.parole.reviewing import decide, make_flag

pytestmark = pytest.mark.django_db
TITLE = "Leads found after the support was confirmed"


@pytest.fixture
def boss(db):
    return make_parole_supervisor()


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def case(reviewer):
    """Confirmed after its one lead was explained; another was found since."""
    row = make_request(status="selected", taken_by=reviewer)
    make_flag(row, "crowded", "explained", reviewer)
    decide(row, "confirm", reviewer)
    make_flag(row, "email_cluster", key="x@example.org", evidence={"requests": 40})
    return SupportRequest.objects.get(pk=row.pk)


def judge(flag, by, verdict="fraud", note="Seen"):
    return review.judge(flag=flag, verdict=verdict, note=note, by=by)


def test_supervisor_judges_it_and_nothing_follows(case, boss, clock):
    flag = Flag.objects.unjudged().get()

    judge(flag, boss)

    flag.refresh_from_db()
    assert (flag.verdict, flag.judged_by, flag.judged_at) == ("fraud", boss, clock.at)
    case.refresh_from_db()
    assert (case.status, case.beneficiary.status) == ("confirmed", "invited")
    assert told(case.owner) == [("request_decision", ["email"])]
    event = Event.objects.of_case(case.reference).filter(verb="judged").get()
    assert (event.by, event.note) == (boss, "email_cluster: Seen")


def test_verdict_of_before_the_decision_stays(case, boss):
    flag = case.flags.exclude(verdict="").get()

    with pytest.raises(MovedOn):
        judge(flag, boss)

    flag.refresh_from_db()
    assert flag.verdict == "explained"


def test_verdict_is_given_once(case, boss):
    flag, stale = Flag.objects.unjudged().get(), Flag.objects.unjudged().get()
    judge(flag, boss)

    with pytest.raises(MovedOn):
        judge(stale, make_parole_supervisor(), verdict="explained")

    flag.refresh_from_db()
    assert flag.verdict == "fraud"


def test_others_do_not_judge_it(case, reviewer, officer):
    flag = Flag.objects.unjudged().get()

    for user, refusal in [(reviewer, NotWaiting), (officer, NotAllowed)]:
        with pytest.raises(refusal):
            judge(flag, user)

    assert Flag.objects.unjudged().get() == flag
    assert not reviewers.can_judge_late(reviewer, case)


def test_supervisor_judges_none_of_their_own_nor_of_people_they_stand_near_to(case, boss):
    own = make_request(boss, status="confirmed")
    conflicts.declare(by=boss, case=case.reference, relation="friend")

    with pytest.raises(OwnRequest):
        judge(make_flag(own), boss)
    with pytest.raises(InConflict):
        judge(case.flags.unjudged().get(), boss)


@pytest.mark.parametrize("status", ["pending", "not_confirmed", "withdrawn"])
def test_supervisor_judges_nothing_of_a_request_in_another_state(boss, status):
    with pytest.raises(NotWaiting):
        judge(make_flag(make_request(status=status)), boss)


def test_supervisor_decides_nothing_anew(case, boss):
    with pytest.raises((NotWaiting, FlagsWaiting)):
        decide(case, "not_confirm", boss)


def test_list_is_for_supervisors(client, case, boss, reviewer):
    make_flag(make_request(status="selected"))  # no reviewer has looked yet
    make_flag(make_request(status="confirmed"), cleared_at=the_clock.now())
    make_flag(make_request(boss, status="confirmed"))

    page = get(client, boss, QUEUE)

    listed = page[page.index(TITLE) :]
    assert listed.count("#leads") == 1
    assert f'href="{page_of(case)}#leads"' in listed
    assert TITLE not in get(client, reviewer, QUEUE)


def test_list_is_empty_once_each_lead_has_its_verdict(client, case, boss):
    flag = Flag.objects.unjudged().get()
    form = {"flag": flag.pk, "verdict": "explained", "note": "A church"}
    assert get(client, boss, page_of(case)).count("Record the verdict") == 1

    assert post(client, boss, page_of(case, "leads"), **form).url == page_of(case)

    assert TITLE not in get(client, boss, QUEUE)
    page = get(client, boss, page_of(case))
    assert "A church" in page
    assert "Change the verdict" not in page


def test_reviewer_reads_the_lead_without_a_form(client, case, reviewer):
    page = get(client, reviewer, page_of(case))

    assert "1 without a verdict" in page
    assert "Record the verdict" not in page
