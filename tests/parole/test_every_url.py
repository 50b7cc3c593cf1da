"""Every role against every address of parole: who gets a page, who finds nothing."""

from copy import deepcopy

import pytest
from django.urls import reverse

from cbpone.lib.seals import signature_of
from tests.portal.roles import FORBIDDEN, METHOD, MOVED, NOTHING, PAGE, SIGN_IN, each_gets

pytestmark = pytest.mark.django_db
ROLES = [
    "nobody",
    "stranger",
    "supporter",
    "beneficiary",
    "officer",
    "supervisor",
    "auditor",
    "reviewer",
    "travel_officer",
    "airport_officer",
    "parole_supervisor",
    "photo_reviewer",
    "statistics",
    "help_desk",
]


def expect(default, **special) -> list:
    """What each role gets: nobody has to sign in, everybody else `default` unless named."""
    return [special.get(role, SIGN_IN if role == "nobody" else default) for role in ROLES]


PUBLIC = expect(PAGE, nobody=PAGE)
SIGNED_IN = expect(PAGE)
POST = expect(METHOD)
SUPPORTERS = expect(NOTHING, supporter=PAGE)
BENEFICIARYS = expect(NOTHING, beneficiary=PAGE)
APPLICANTS = {"stranger": FORBIDDEN, "supporter": FORBIDDEN, "beneficiary": FORBIDDEN}


def staff(default=FORBIDDEN, **special) -> list:
    return expect(default, **APPLICANTS | special)


REVIEW = staff(reviewer=PAGE, parole_supervisor=PAGE)
TRAVEL = staff(travel_officer=PAGE, parole_supervisor=PAGE)
AIRPORT = staff(airport_officer=PAGE, parole_supervisor=PAGE)
LETTER = staff(travel_officer=MOVED, parole_supervisor=MOVED)  # asks for a reason
STAFF_POST = staff(METHOD)
CAPS = staff(reviewer=PAGE, travel_officer=PAGE, parole_supervisor=PAGE, auditor=PAGE)

EXPECTED = {
    "parole:support": PUBLIC,
    "parole:eligibility": PUBLIC,
    "parole:requests": SIGNED_IN,
    "parole:request_start": POST,
    "parole:request": SUPPORTERS,
    "parole:request_page": SUPPORTERS,
    "parole:request_people": SUPPORTERS,
    "parole:request_people_add": SUPPORTERS,
    "parole:request_people_remove": POST,
    "parole:request_check": SUPPORTERS,
    "parole:request_discard": SUPPORTERS,
    "parole:request_print": SUPPORTERS,
    "parole:request_answer": SUPPORTERS,
    "parole:request_withdraw": SUPPORTERS,
    "parole:request_address": SUPPORTERS,
    "parole:request_history": SUPPORTERS,
    "parole:papers": SUPPORTERS,
    "parole:paper": expect(NOTHING, supporter=PAGE, parole_supervisor=PAGE),
    "parole:paper_remove": POST,
    "parole:invitation_start": PUBLIC,
    "parole:invitation": PUBLIC,
    "parole:invitation_birth": PUBLIC,
    "parole:invitation_accept": expect(MOVED),
    "parole:cases": SIGNED_IN,
    "parole:case": BENEFICIARYS,
    "parole:case_page": BENEFICIARYS,
    "parole:case_photo": BENEFICIARYS,
    "parole:case_passport": BENEFICIARYS,
    "parole:case_relationship": expect(NOTHING),  # of a grown-up
    "parole:case_check": BENEFICIARYS,
    "parole:case_send": BENEFICIARYS,
    "parole:case_ask_again": POST,
    "parole:case_history": BENEFICIARYS,
    "parole:authorization": BENEFICIARYS,
    "parole:i94": BENEFICIARYS,
    "parole:tb_report": BENEFICIARYS,
    "parole:travel_check": PUBLIC,
    "parole:travel_check_signed": PUBLIC,
    "parole:i94_retrieve": PUBLIC,
    "parole:selections": PUBLIC,
    "parole:selection": PUBLIC,
    "parole:selection_pool": PUBLIC,
    "parole:selection_result": PUBLIC,
    "parole:selection_script": PUBLIC,
    "officers:reviews": REVIEW,
    "officers:review_take": STAFF_POST,
    "officers:review": staff(reviewer=NOTHING, parole_supervisor=PAGE),  # waits in the pool
    "officers:review_flag": STAFF_POST,
    "officers:review_decide": staff(reviewer=MOVED, parole_supervisor=MOVED),  # asks for a choice
    "officers:review_put_back": STAFF_POST,
    "officers:review_resume": STAFF_POST,
    "officers:review_agree": staff(reviewer=MOVED, parole_supervisor=PAGE),
    "officers:review_decline": STAFF_POST,
    "officers:travel": TRAVEL,
    "officers:travel_take": STAFF_POST,
    "officers:travel_cancel": TRAVEL,
    "officers:travel_case": staff(
        travel_officer=PAGE, airport_officer=PAGE, parole_supervisor=PAGE
    ),
    "officers:travel_judge": STAFF_POST,
    "officers:travel_approve": STAFF_POST,
    "officers:travel_deny": LETTER,
    "officers:travel_send_back": LETTER,
    "officers:travel_put_back": STAFF_POST,
    "officers:caps": CAPS,
    "officers:cap_propose": staff(parole_supervisor=PAGE),
    "officers:cap_agree": STAFF_POST,
    "officers:cap_decline": STAFF_POST,
    "officers:airport": AIRPORT,
    "officers:airport_choose": STAFF_POST,
    "officers:arrival": AIRPORT,
    "officers:arrival_check_in": STAFF_POST,
    "officers:arrival_parole": STAFF_POST,
    "officers:arrival_deny": STAFF_POST,
}
# Which request or case an address is asked about: those in the status it is for.
DRAFT = ("request_page", "request_people", "request_check", "request_discard", "papers")


def address(name: str, world) -> str:
    space, own = name.split(":")
    if space == "officers":
        return reverse(name, args=officers_args(own, world))
    return reverse(name, args=args(own, world))


def officers_args(own: str, world) -> list:
    if own in ("review_agree", "review_decline"):
        return [world["proposal"].request.reference]
    if own.startswith("review_") and own != "review_take" or own == "review":
        return [world["selected" if own == "review_decide" else "filed"].reference]
    if own == "travel_cancel" or own.startswith("arrival"):
        return [world["authorization"].reference]
    if own.startswith("travel_") and own != "travel_take":
        return [world["waiting"].reference]
    return []


def args(own: str, world) -> list:
    reference = world["draft"].reference
    invited = world["invited"].reference
    signature = signature_of("invitation", f"{invited}:{world['invited'].written_email}")
    ticket = world["authorization"].reference
    fixed = {
        "request_page": [reference, "name"],
        "request_people": [reference, "carried"],
        "request_people_add": [reference, "carried"],
        "request_people_remove": [reference, "carried"],
        "request_answer": [world["asked"].reference],
        "request_address": [world["confirmed"].reference],
        "paper": [world["paper"].reference],
        "paper_remove": [world["paper"].reference],
        "invitation": [invited, signature],
        "invitation_birth": [invited, signature],
        "case_page": [world["editing"].reference, "details"],
        "authorization": [world["allowed"].reference],
        "i94": [world["arrived"].reference],
        "tb_report": [world["arrived"].reference],
        "travel_check_signed": [ticket, signature_of("authorization", ticket)],
        "selection": [world["day"]],
        "selection_pool": [world["day"]],
        "selection_result": [world["day"]],
    }
    if own in fixed:
        return fixed[own]
    if own in DRAFT:
        return [reference]
    if own in ("request", "request_print", "request_withdraw", "request_history"):
        return [world["filed"].reference]
    if own == "case" or own.startswith("case_"):
        return [world["editing"].reference]
    return []


@pytest.fixture
def world(db, world_of_all):
    return deepcopy(world_of_all)


@pytest.mark.parametrize("name", EXPECTED)
def test_each_role_gets_exactly_its_own_pages(world, name):
    got = each_gets(address(name, world), world)

    assert got == dict(zip(ROLES, EXPECTED[name], strict=True))


ADMIN_LISTS = {
    "supportrequest": {"reviewer", "parole_supervisor"},
    "process": {"reviewer", "travel_officer", "parole_supervisor", "auditor"},
    "monthlycap": {"reviewer", "travel_officer", "parole_supervisor", "auditor"},
    "capchange": {"reviewer", "travel_officer", "parole_supervisor", "auditor"},
    "selection": {"reviewer", "travel_officer", "parole_supervisor", "auditor"},
    "povertyguideline": {"reviewer", "travel_officer", "parole_supervisor", "auditor"},
    "knowngood": {"reviewer", "parole_supervisor"},
    "nonresidential": {"reviewer", "parole_supervisor"},
    "beneficiary": {"travel_officer", "airport_officer", "parole_supervisor"},
    "authorization": {"travel_officer", "airport_officer", "parole_supervisor", "auditor"},
    "airport": {"airport_officer", "parole_supervisor"},
}


@pytest.mark.parametrize("listed", ADMIN_LISTS)
def test_records_open_to_the_role_they_are_for(world, listed):
    got = each_gets(f"/officers/parole/{listed}/", world)

    wanted = {role: PAGE if role in ADMIN_LISTS[listed] else FORBIDDEN for role in ROLES}
    assert got == wanted | {"nobody": SIGN_IN}
