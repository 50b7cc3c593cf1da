"""The people a visitor can be in the parole part of the demo."""

from dataclasses import dataclass

from cbpone.accounts.roles import (
    AIRPORT_OFFICER,
    PAROLE_REVIEWER,
    PAROLE_SUPERVISOR,
    TRAVEL_OFFICER,
)


@dataclass(frozen=True)
class Player:
    email: str
    role: str
    name: str
    sees: str


SUPPORTER = Player(
    "paul@demo.example",
    "Supporter",
    "Paul Benoit",
    "a draft, a request that waits, one with a question from an officer, one confirmed",
)
BENEFICIARIES = {
    # status of the case: who
    "invited": Player(
        "wideline@demo.example",
        "Beneficiary",
        "Wideline Joseph",
        "invited: the letter with the link is in the demo mail",
    ),
    "details_confirmed": Player(
        "yolanda@demo.example", "Beneficiary", "Yolanda Pérez", "half-way through the pages"
    ),
    "ata_pending": Player(
        "alejandro@demo.example", "Beneficiary", "Alejandro Rojas", "waits for the officers"
    ),
    "ata_approved": Player(
        "lovelie@demo.example", "Beneficiary", "Lovelie Charles", "may travel: notice with QR code"
    ),
    "paroled": Player(
        "carlos@demo.example", "Beneficiary", "Carlos Núñez", "arrived: I-94 record, test to report"
    ),
}
STAFF = [
    Player("reviewer@demo.example", PAROLE_REVIEWER, "Ida Novak", "the queue of requests"),
    Player("reviewer2@demo.example", PAROLE_REVIEWER, "Sam Okafor", "agrees to refusals"),
    Player("travel@demo.example", TRAVEL_OFFICER, "June Park", "travel authorizations"),
    Player("travel2@demo.example", TRAVEL_OFFICER, "Luis Ferro", "travel authorizations"),
    Player("airport@demo.example", AIRPORT_OFFICER, "Dora Klein", "arrivals and I-94 records"),
    Player("parole.supervisor@demo.example", PAROLE_SUPERVISOR, "Amos Reed", "caps and all queues"),
    Player("parole.supervisor2@demo.example", PAROLE_SUPERVISOR, "Lena Cruz", "agrees to caps"),
]
PLAYERS = [SUPPORTER, *BENEFICIARIES.values(), *STAFF]
