from datetime import timedelta

import pytest

from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from cbpone.lib.errors import MovedOn, NotAllowed
from parole import review, reviewers
from parole.models import Flag, SupportRequest
from parole.review import judge, put_back, resume, take_next
from parole.reviewers import NoteMissing, NotWaiting, NotYours, SecondPersonWaits, WrongVerdict
from tests.breaking import change
from tests.factories import (
    make_parole_supervisor,
    make_request,
    make_reviewer,
    make_selection,
    make_travel_officer,
)
from tests.facts import events
from tests.parole.reviewing import CLOSED, OPEN, decide, make_flag, untouched
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(db):
    return make_reviewer()


@pytest.fixture
def second(db):
    return make_reviewer()


@pytest.fixture
def case(reviewer):
    return make_request(status="selected", taken_by=reviewer)


def test_take_next_gives_the_one_chosen_first_and_marks_it(reviewer, clock):
    today = the_clock.now().date()
    later = make_request(status="selected", picked_rank=1, selection=make_selection(today))
    earlier = make_selection(today - timedelta(days=2))
    second_that_day = make_request(status="selected", picked_rank=2, selection=earlier)
    first_that_day = make_request(status="selected", picked_rank=1, selection=earlier)

    taken = take_next(by=reviewer)

    first_that_day.refresh_from_db()
    assert taken == first_that_day
    assert (first_that_day.taken_by, first_that_day.taken_at) == (reviewer, clock.at)
    assert events(first_that_day) == [("taken", "", "", reviewer.pk)]
    assert [take_next(by=make_reviewer()) for _ in range(3)] == [second_that_day, later, None]


def test_take_next_again_gives_the_own_case_that_waits(reviewer):
    case = make_request(status="selected")
    make_request(status="selected")

    assert take_next(by=reviewer) == take_next(by=reviewer) == case
    assert events(case) == [("taken", "", "", reviewer.pk)]


@pytest.mark.parametrize("status", [*OPEN[1:], *CLOSED])
def test_take_next_leaves_what_waits_for_somebody_else(reviewer, status):
    make_request(status=status)

    assert take_next(by=reviewer) is None


def test_take_next_goes_on_when_the_own_case_waits_for_an_answer(reviewer, case):
    decide(case, "more_info", reviewer)
    other = make_request(status="selected")

    assert take_next(by=reviewer) == other


def test_take_next_goes_on_when_the_own_case_waits_for_a_second_person(reviewer, case):
    decide(case, "not_confirm", reviewer)

    assert take_next(by=reviewer) is None


def test_take_next_never_gives_ones_own_request(reviewer):
    make_request(reviewer, status="selected")

    assert take_next(by=reviewer) is None


def test_take_next_by_a_role_that_does_not_review_is_refused(officer, applicant):
    case = make_request(status="selected")

    for user in (officer, applicant, make_travel_officer()):
        with pytest.raises(NotAllowed):
            take_next(by=user)
    assert untouched(case)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_ten_officers_take_three_cases_exactly_once():
    cases = {make_request(status="selected", picked_rank=n).pk for n in (1, 2, 3)}
    officers = [make_reviewer() for _ in range(10)]

    taken = at_once([lambda by=by: take_next(by=by) for by in officers])

    assert kinds(taken) == ["ok"] * 10
    assert sorted(row.pk for row in taken if row) == sorted(cases)
    held = SupportRequest.objects.filter(pk__in=cases).values_list("taken_by", flat=True)
    assert len(set(held)) == 3
    assert None not in held
    assert Event.objects.filter(verb="taken").count() == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_officer_in_four_tabs_takes_one_case():
    officer = make_reviewer()
    for rank in (1, 2, 3, 4):
        make_request(status="selected", picked_rank=rank)

    taken = at_once([lambda: take_next(by=officer)] * 4)

    assert len({row.pk for row in taken}) == 1
    assert SupportRequest.objects.filter(taken_by=officer).count() == 1


@pytest.mark.parametrize("status", OPEN)
def test_put_back_lets_others_have_the_case(reviewer, status):
    case = make_request(status=status, taken_by=reviewer)

    put_back(request=case, reason="I know the family", by=reviewer)

    case.refresh_from_db()
    assert (case.taken_by, case.taken_at, case.status) == (None, None, status)
    event = Event.objects.of_case(case.reference).get()
    assert (event.verb, event.by, event.note) == ("put_back", reviewer, "I know the family")


def test_put_back_without_a_reason_is_refused(reviewer, case):
    with pytest.raises(NoteMissing):
        put_back(request=case, reason="  ", by=reviewer)

    assert untouched(case)


def test_put_back_by_another_reviewer_is_refused_by_a_supervisor_it_works(case, second):
    with pytest.raises(NotYours):
        put_back(request=case, reason="x", by=second)
    assert untouched(case)
    assert not reviewers.can_put_back(second, case)

    supervisor = make_parole_supervisor()
    put_back(request=case, reason="On leave", by=supervisor)

    assert events(case) == [("put_back", "", "", supervisor.pk)]


def test_put_back_of_what_nobody_holds_or_is_decided_is_refused(reviewer):
    with pytest.raises(NotYours):
        put_back(request=make_request(status="selected"), reason="x", by=make_parole_supervisor())
    with pytest.raises(NotWaiting):
        put_back(
            request=make_request(status="confirmed", taken_by=reviewer), reason="x", by=reviewer
        )


def test_put_back_while_a_second_person_reads_is_refused(reviewer, case):
    decide(case, "not_confirm", reviewer)

    with pytest.raises(SecondPersonWaits):
        put_back(request=case, reason="x", by=reviewer)


@pytest.mark.parametrize("verdict", ["explained", "fraud", "needs_evidence"])
def test_judge_puts_the_verdict_on_record(reviewer, case, clock, verdict):
    flag = make_flag(case)

    judge(flag=flag, verdict=verdict, note=" Four cousins ", by=reviewer)

    flag.refresh_from_db()
    assert (flag.verdict, flag.note) == (verdict, "Four cousins")
    assert (flag.judged_by, flag.judged_at) == (reviewer, clock.at)
    event = Event.objects.of_case(case.reference).get()
    assert (event.verb, event.before, event.after, event.note) == (
        "judged", "", verdict, "serial: Four cousins",
    )  # fmt: skip


def test_judge_again_changes_the_verdict_and_keeps_both_on_record(reviewer, case):
    flag = make_flag(case)
    judge(flag=flag, verdict="needs_evidence", note="Which house?", by=reviewer)

    judge(flag=flag, verdict="explained", note="A lease came", by=reviewer)

    flag.refresh_from_db()
    assert (flag.verdict, flag.note) == ("explained", "A lease came")
    assert [row[:3] for row in events(case)] == [
        ("judged", "", "needs_evidence"),
        ("judged", "needs_evidence", "explained"),
    ]


@pytest.mark.parametrize(
    ("verdict", "note", "refusal"),
    [("", "x", WrongVerdict), ("guilty", "x", WrongVerdict), ("fraud", " ", NoteMissing)],
)
def test_judge_with_half_an_answer_is_refused(reviewer, case, verdict, note, refusal):
    flag = make_flag(case)

    with pytest.raises(refusal):
        judge(flag=flag, verdict=verdict, note=note, by=reviewer)

    assert Flag.objects.unjudged().get() == flag


def test_judge_by_others_is_refused(case, second, officer):
    flag = make_flag(case)

    for user, refusal in [(second, NotYours), (officer, NotAllowed), (case.owner, NotAllowed)]:
        with pytest.raises(refusal):
            judge(flag=flag, verdict="explained", note="x", by=user)

    assert untouched(case)
    assert not reviewers.can_judge(second, case)


@pytest.mark.parametrize("status", CLOSED[1:])
def test_judge_after_the_decision_is_refused(reviewer, status):
    case = make_request(status=status, taken_by=reviewer)

    with pytest.raises(NotWaiting):
        judge(flag=make_flag(case), verdict="explained", note="x", by=reviewer)


def test_judge_while_a_second_person_reads_is_refused(reviewer, case):
    flag = make_flag(case, verdict="fraud", by=reviewer)
    decide(case, "not_confirm", reviewer)

    with pytest.raises(SecondPersonWaits):
        judge(flag=flag, verdict="explained", note="x", by=reviewer)


def test_judge_of_a_lead_that_was_cleared_meanwhile_is_refused(reviewer, case):
    flag = make_flag(case)
    change(flag, cleared_at=the_clock.now())

    with pytest.raises(MovedOn):
        judge(flag=flag, verdict="explained", note="x", by=reviewer)


@pytest.mark.parametrize("status", OPEN[1:])
def test_resume_brings_the_case_back_to_its_officer(reviewer, status):
    case = make_request(status=status, taken_by=reviewer)

    resume(request=case, note="The answer came by mail", by=reviewer)

    case.refresh_from_db()
    assert (case.status, case.taken_by) == ("selected", reviewer)
    assert events(case) == [("resumed", status, "selected", reviewer.pk)]
    assert review.waits_for(reviewer).get() == case


def test_resume_of_a_case_nobody_holds_is_open_to_every_reviewer(reviewer):
    case = make_request(status="more_info")

    resume(request=case, note="The day has passed", by=reviewer)

    assert take_next(by=make_reviewer()) == case


def test_resume_by_others_is_refused_by_a_supervisor_it_works(reviewer, second, officer):
    case = make_request(status="fraud_hold", taken_by=reviewer)

    for user, refusal in [(second, NotYours), (officer, NotAllowed)]:
        with pytest.raises(refusal):
            resume(request=case, note="x", by=user)
        assert not reviewers.can_resume(user, case)
    assert untouched(case)
    assert resume(request=case, note="x", by=make_parole_supervisor()).status == "selected"


@pytest.mark.parametrize("status", ["selected", *CLOSED])
def test_resume_of_what_does_not_wait_is_refused(reviewer, status):
    with pytest.raises(NotWaiting):
        resume(request=make_request(status=status), note="x", by=reviewer)


def test_resume_without_a_note_is_refused(reviewer):
    case = make_request(status="more_info", taken_by=reviewer)

    with pytest.raises(NoteMissing):
        resume(request=case, note="", by=reviewer)
    assert untouched(case)
