"""Plans in other supporters' words."""

import pytest

from parole.flagging import find_flags
from tests.factories import make_request, make_user
from tests.parole.flags import seen
from tests.parole.test_similar import COPIED, PARAPHRASE

pytestmark = pytest.mark.django_db
OWN = (
    "My cousin {name} comes to our farm in Ocala, where we keep horses and have a cottage beside "
    "the barn with its own kitchen, and every Sunday the whole family eats together at noon."
)


def planned(text, owner=None, **values):
    plan = dict.fromkeys(["plan_housing", "plan_work", "plan_school", "plan_health"], "")
    request = make_request(owner, status="received", plan_reception=text, **plan | values)
    find_flags(request)
    return request


def test_copied_plan_is_flagged_with_how_much_is_the_same():
    one, other = planned(COPIED), planned(COPIED.upper())
    last = planned(COPIED + " God bless you all.")

    evidence = seen(last, "text_similar")[""]

    assert evidence == {
        "similarity": 94,
        "supporters": 2,
        "requests": 2,
        "receipts": [one.reference, other.reference],
    }


def test_copy_with_another_name_in_it_is_the_same():
    planned(OWN.format(name="Marie Joseph"), person={"given_names": "Marie", "surnames": "Joseph"})
    last = planned(OWN.format(name="José"), person={"given_names": "José", "surnames": "Pérez"})

    assert seen(last, "text_similar")[""]["similarity"] == 100


def test_paraphrase_and_short_text_are_no_lead():
    planned(COPIED)
    planned("I help with everything.")

    assert not seen(planned(PARAPHRASE), "text_similar")
    assert not seen(planned("I help with everything."), "text_similar")


def test_half_a_copy_is_a_candidate_and_no_lead():
    planned(COPIED)
    words = COPIED.split()

    assert not seen(planned(" ".join(words[: len(words) // 2])), "text_similar")


def test_own_earlier_plan_is_no_lead():
    owner = make_user()
    planned(COPIED, owner)
    planned(COPIED, supporter={"given_names": "José", "surnames": "Pérez"})
    by_same_person = {"given_names": "JOSE", "surnames": "Perez"}

    assert seen(planned(COPIED, owner), "text_similar")[""]["supporters"] == 1
    assert seen(planned(COPIED, supporter=by_same_person), "text_similar")[""]["requests"] == 2


def test_draft_is_not_compared():
    plan = dict.fromkeys(["plan_housing", "plan_work", "plan_school", "plan_health"], "")
    draft = make_request(plan_reception=COPIED, **plan)

    assert find_flags(draft) == []
    assert not seen(planned(COPIED), "text_similar")
