"""Who there is, and what an answer means to them."""

from django.test import Client

PORT_ROLES = ["nobody", "owner", "stranger", "officer", "other_officer", "supervisor", "auditor"]
GUESTS = ["supporter", "beneficiary"]  # signed in, and strangers to every appointment
PAROLE_STAFF = ["reviewer", "travel_officer", "airport_officer", "parole_supervisor"]
OFFICE_STAFF = ["photo_reviewer", "statistics", "help_desk"]
ROLES = [*PORT_ROLES, *GUESTS, *PAROLE_STAFF, *OFFICE_STAFF]
SIGN_IN, PAGE, MOVED, FORBIDDEN, NOTHING, METHOD = "sign in", 200, 302, 403, 404, 405


def all_roles(answers: list, *, staff, **special) -> list:
    """Answers of PORT_ROLES; guests are answered as the stranger is, other staff with `staff`."""
    others = [special.get(role, staff) for role in [*PAROLE_STAFF, *OFFICE_STAFF]]
    return [*answers, *[answers[2]] * len(GUESTS), *others]


def answer(response):
    if response.status_code == 302 and response.url.startswith("/accounts/login/?next="):
        return SIGN_IN
    return response.status_code


def client_of(person) -> Client:
    """A browser of their own; of nobody, when `person` is None."""
    client = Client()
    if person:
        client.force_login(person)
    return client


def each_gets(url: str, world) -> dict:
    """What every role is answered at one address."""
    return {role: answer(client_of(person).get(url)) for role, person in world["people"].items()}
