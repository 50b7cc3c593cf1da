"""The short check: honest, without an account, and nothing of it stays."""

from datetime import date

import pytest

from parole import eligibility
from parole.models import Process, SupportRequest

pytestmark = pytest.mark.django_db

GOOD = {
    "in_us": "yes", "status": "citizen", "nationality": "HT", "outside": "yes", "passport": "yes",
    "second": "no", "entry": "no", "removal": "no", "support": "yes",
}  # fmt: skip
URL = "/support/eligibility/"


def test_start_page_is_for_everybody(client):
    shown = client.get("/support/").content.decode()

    assert "See if it fits you" in shown
    assert "6 January 2023" in shown
    assert "18 October 2022" in shown


def test_good_answers_are_likely_yes_with_the_process_and_its_day(client):
    shown = client.post(URL, GOOD).content.decode()

    assert "Likely yes" in shown
    assert "The process for Haiti is open since 6 January 2023 (88 FR 1243" in shown
    assert "Being stopped at sea after 27 April 2023" in shown
    assert "A person decides" in shown
    assert not SupportRequest.objects.exists()


OBSTACLES = [
    ({"in_us": "no"}, "You are not in the United States."),
    ({"status": "other"}, "You have none of the statuses on the list."),
    ({"nationality": "other"}, "The person is not from Cuba, Haiti, Nicaragua or Venezuela."),
    ({"outside": "no"}, "The person is in the United States already."),
    ({"second": "yes"}, "The person has a second home country."),
    ({"entry": "yes"}, "The person crossed a border without permission."),
    ({"removal": "yes"}, "The United States ordered the person"),
    ({"support": "no"}, "You cannot support the person for up to two years."),
]


@pytest.mark.parametrize(("answer", "what"), OBSTACLES)
def test_what_is_in_the_way_is_named_alone(answer, what):
    result = eligibility.look_at(GOOD | answer)

    assert [one.what.startswith(what) for one in result.obstacles] == [True]
    assert result.doubts == []


@pytest.mark.parametrize(
    "answer",
    [
        {"passport": "no"},
        {"passport": "unsure"},
        {"second": "unsure"},
        {"entry": "unsure"},
        {"support": "unsure"},
        {"outside": "unsure"},
        {"removal": "unsure"},
    ],  # fmt: skip
)
def test_what_is_not_known_is_a_thing_to_find_out_and_no_obstacle(answer):
    result = eligibility.look_at(GOOD | answer)

    assert (len(result.obstacles), len(result.doubts)) == (0, 1)


@pytest.mark.parametrize(("country", "day"), [("VE", "19 October 2022"), ("CU", "9 January 2023")])
def test_day_of_irregular_entry_is_that_of_the_process(country, day):
    result = eligibility.look_at(GOOD | {"nationality": country, "entry": "yes"})

    assert day in result.obstacles[0].meaning


def test_family_follows_the_process_of_the_principal_and_may_have_a_second_country():
    answers = GOOD | {"nationality": "family", "principal": "CU", "second": "yes"}

    result = eligibility.look_at(answers)

    assert (str(result.process.country), result.obstacles) == ("CU", [])


@pytest.mark.parametrize(
    ("values", "word"),
    [({"opens_on": date(2090, 1, 1)}, "not open yet"), ({"closed_on": date(2024, 1, 1)}, "closed")],
)
def test_process_that_is_not_open_is_in_the_way(values, word):
    Process.objects.filter(country="HT").update(**values)

    result = eligibility.look_at(GOOD)

    assert word in result.obstacles[0].what


def test_missing_answer_is_told_and_the_others_stay(client):
    shown = client.post(URL, GOOD | {"entry": ""})

    assert shown.context["form"].errors == {"entry": ["Choose one answer."]}
    assert shown.context["form"]["nationality"].value() == "HT"
    assert shown.content.decode().count(" checked") == 8


def test_family_without_the_other_person_is_asked(client):
    shown = client.post(URL, GOOD | {"nationality": "family"})

    assert list(shown.context["form"].errors) == ["principal"]
