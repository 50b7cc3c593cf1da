"""The people a visitor of the demo can be: who they are and what there is to see."""

from dataclasses import dataclass, field

from cbpone.accounts.roles import AUDITOR, HELP_DESK, PHOTO_REVIEWER, STATISTICS
from cbpone.demo.parole.cast import PLAYERS
from cbpone.demo.people import Wish
from cbpone.demo.places import OFFICERS


@dataclass(frozen=True)
class Applicant:
    email: str
    kind: str
    wish: Wish
    days_ago: float
    port: str
    sees: str
    done: int | None = field(default=None)


APPLICANTS = [
    Applicant(
        "maria@demo.example",
        "waiting",
        Wish(3, "VE", "María Fernanda", "Rojas Pérez", woman=True, age=34),
        41,
        "san-ysidro",
        "family of three, signed, no appointment: can book one now",
    ),
    Applicant(
        "jean@demo.example",
        "waiting",
        Wish(4, "HT", "Jean-Robert", "Toussaint", woman=False, age=37),
        63,
        "brownsville",
        "family of four with an appointment in a few days: ticket, change, cancel",
    ),
    Applicant(
        "rosa@demo.example",
        "draft",
        Wish(3, "HN", "Rosa Elena", "Mejía Zelaya", woman=True, age=29),
        2,
        "hidalgo",
        "half-filled registration, with a birth date that was mistyped",
        done=8,
    ),
    Applicant(
        "nadia@demo.example",
        "waiting",
        Wish(1, "RU", "Nadia", "Sokolov", woman=True, age=27),
        77,
        "calexico",
        "missed her appointment; nothing is lost and she can book again",
    ),
]


# Of officers who work for every port.
SEES = {
    AUDITOR: "every port, and the log of events",
    PHOTO_REVIEWER: "the queue of photos",
    STATISTICS: "the numbers of the office",
    HELP_DESK: "people who write or call, without their answers",
}


def sign_ins() -> str:
    """The table that `manage.py demo --sign-ins` prints."""
    rows = [("E-mail address", "Role", "What there is to see")]
    rows += [(one.email, "Applicant", one.sees) for one in APPLICANTS]
    for officer in OFFICERS:
        ports = ", ".join(slug.replace("-", " ").title() for slug in officer.ports)
        rows.append((officer.email, officer.role, ports or SEES[officer.role]))
    rows += [(one.email, one.role, one.sees) for one in PLAYERS]
    wide = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"{row[0]:<{wide[0]}}  {row[1]:<{wide[1]}}  {row[2]}" for row in rows]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(
        [
            "People of the demo. Nobody has a password: enter the address, then the code that",
            "arrives in the demo mailbox, which the sign-in page links to.",
            "",
            *lines,
        ]
    )
