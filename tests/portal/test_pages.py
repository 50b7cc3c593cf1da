"""Pages of the portal itself: errors that keep calm, health, headers."""

import pytest

from cbpone.portal.views import server_error
from tests.factories import make_registration


def test_missing_page_is_calm(client, db):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "Nothing you wrote is lost" in response.content.decode()


def test_nul_in_an_address_is_refused_calmly(client, db):
    for url in ("/check/?a=%00", "/appointments/%00/"):
        response = client.get(url)
        assert response.status_code == 400
        assert "everything saved before is safe" in response.content.decode()


def test_bug_gives_an_incident_number_and_logs_it(rf, db, caplog):
    response = server_error(rf.get("/case/"))

    incident = caplog.records[0].args[0]
    assert response.status_code == 500
    assert incident in response.content.decode()


def test_health_answers_for_machines(client, db):
    assert client.get("/health/live").json() == {"live": True}
    assert client.get("/health/ready").json() == {"ready": True, "missing": []}


def test_every_answer_carries_the_strict_headers(client, db):
    response = client.get("/")

    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["Cache-Control"] == "private, no-store"
    assert response["Permissions-Policy"].startswith("camera=(self)")
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("signed", "stage"), [(False, "is not signed yet"), (True, "You can book now")]
)
def test_case_page_tells_whose_turn_it_is(client, applicant, signed, stage):
    client.force_login(applicant)
    make_registration(applicant, signed=signed)

    page = client.get("/case/").content.decode()

    assert "It is your turn" in page
    assert stage in page


def test_case_page_before_anything_offers_to_begin(client, applicant):
    client.force_login(applicant)

    assert "Begin the registration" in client.get("/case/").content.decode()
