"""Pages of parole on a bad line: 30 KB the first time, 10 KB for each later page."""

import pytest

from parole.questions.cases import CASE
from parole.questions.support import QUESTIONS
from tests.factories import (
    make_authorization,
    make_beneficiary,
    make_request,
    make_selection,
    make_user,
)
from tests.parole.drafts import make_ready
from tests.portal.test_weight import FIRST, LATER, assets, page

pytestmark = pytest.mark.django_db
PUBLIC = ["/support/", "/support/eligibility/", "/selections/", "/travel/check/", "/i94/"]


@pytest.mark.parametrize("url", PUBLIC)
def test_first_load_fits_a_bad_line(client, url):
    make_selection()

    assert page(client, url) + assets() <= FIRST


@pytest.fixture
def supporter(client):
    user = make_user()
    client.force_login(user)
    return user


@pytest.mark.parametrize("key", QUESTIONS)
def test_question_of_a_supporter_fits_a_bad_line(client, supporter, key):
    mine = make_ready(supporter)

    assert page(client, f"/support/requests/{mine.reference}/pages/{key}/") <= LATER


@pytest.mark.parametrize("rest", ["", "check/", "papers/"])
def test_draft_of_a_supporter_fits_a_bad_line(client, supporter, rest):
    mine = make_ready(supporter)

    assert page(client, f"/support/requests/{mine.reference}/{rest}") <= LATER


def test_list_of_many_requests_fits_a_bad_line(client, supporter):
    for _ in range(10):
        make_request(supporter, status="pending")

    assert page(client, "/support/requests/") <= LATER


@pytest.mark.parametrize("key", CASE)
def test_question_of_a_beneficiary_fits_a_bad_line(client, supporter, key):
    row = make_beneficiary(supporter, status="attested")

    assert page(client, f"/cases/{row.reference}/pages/{key}/") <= LATER


@pytest.mark.parametrize("rest", ["", "check/", "authorization/", "history/"])
def test_case_of_a_beneficiary_fits_a_bad_line(client, supporter, rest):
    status = "attested" if rest == "check/" else "ata_approved"
    row = make_beneficiary(supporter, status=status)
    if status == "ata_approved":
        make_authorization(row)

    assert page(client, f"/cases/{row.reference}/{rest}") <= LATER
