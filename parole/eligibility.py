"""Who a process is open to, and who follows whom: the notices of 2022 and 2023, as functions.

Sources: 87 FR 63507 (Venezuela), 88 FR 1266 (Cuba), 88 FR 1243 (Haiti), 88 FR 1255 (Nicaragua).
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cbpone.lib import clock
from cbpone.travelers.choices import MaritalStatus
from cbpone.travelers.models import Traveler
from parole.choices import PrincipalRelation
from parole.models import Process

CHILD_UNTIL = 21  # an unmarried child below this age follows the principal's process
YES, NO, UNSURE = "yes", "no", "unsure"
ANSWERS = (YES, NO, UNSURE)
FAMILY, OTHER = "family", "other"  # instead of a nationality


def processes() -> dict[str, Process]:
    """By the code of the country."""
    return {str(process.country): process for process in Process.objects.all()}


def own_process(person: Traveler, known: dict[str, Process]) -> Process | None:
    """The process of the person's nationality; with two of the four, that of the first."""
    for nationality in (person.nationality, person.other_nationality):
        if str(nationality) in known:
            return known[str(nationality)]
    return None


def follows(person: Traveler, relation: str, day) -> bool:
    """Whether somebody may travel as a spouse, or as an unmarried child under 21, on this day."""
    if relation == PrincipalRelation.SPOUSE:
        return True
    if relation != PrincipalRelation.CHILD:
        return False
    age = person.age_on(day)
    married = person.marital_status in (MaritalStatus.MARRIED, MaritalStatus.PARTNER)
    return age is not None and age < CHILD_UNTIL and not married


@dataclass
class Finding:
    """One answer that matters, and what it means."""

    what: str
    meaning: str


@dataclass
class Result:
    """What the answers to the short check come to. `process` None: it depends on no one process."""

    process: Process | None = None
    obstacles: list[Finding] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)

    @property
    def is_likely(self) -> bool:
        return not self.obstacles


def day_of(day) -> str:
    return date_format(day, "j F Y")


def look_at(answers: dict) -> Result:
    """An honest answer to the short check. Keeps nothing; a person decides case by case."""
    known = processes()
    nationality = answers["nationality"]
    if nationality == FAMILY:
        nationality = answers.get("principal", "")
    result = Result(process=known.get(nationality))
    for check in (_process, _supporter, _person, _entry, _support):
        check(answers, result)
    return result


def _process(answers, result) -> None:
    process = result.process
    if not process:
        result.obstacles.append(
            Finding(
                _("The person is not from Cuba, Haiti, Nicaragua or Venezuela."),
                _(
                    "The process is for people of these four nationalities. Their wife, husband or "
                    "partner, and their unmarried children under 21, can come with them."
                ),
            )
        )
        return
    today = clock.today_in(settings.PAROLE_ZONE)
    country = process.country.name
    if today < process.opens_on:
        result.obstacles.append(
            Finding(
                _("The process for %(country)s is not open yet.") % {"country": country},
                _("It opens on %(day)s.") % {"day": day_of(process.opens_on)},
            )
        )
    elif process.closed_on and today >= process.closed_on:
        result.obstacles.append(
            Finding(
                _("The process for %(country)s is closed.") % {"country": country},
                _("It closed on %(day)s. No new request can be filed.")
                % {"day": day_of(process.closed_on)},
            )
        )


def _supporter(answers, result) -> None:
    if answers["in_us"] == NO:
        result.obstacles.append(
            Finding(
                _("You are not in the United States."),
                _("A supporter has to be in the United States. Somebody else there can file."),
            )
        )
    if answers["status"] == OTHER:
        result.obstacles.append(
            Finding(
                _("You have none of the statuses on the list."),
                _("Somebody who has one of them can file instead of you."),
            )
        )


def _person(answers, result) -> None:
    counts_second = answers["nationality"] != FAMILY  # family is exempt
    outside = _("The process is only for people who are outside the United States.")
    obstacles = [
        (
            answers["outside"] == NO,
            _("The person is in the United States already."),
            outside,
        ),
        (
            counts_second and answers["second"] == YES,
            _("The person has a second home country."),
            _(
                "Citizens, permanent residents and refugees of another country are left out. "
                "The exception is a second nationality among the same four."
            ),
        ),
        (
            answers["removal"] == YES,
            _("The United States ordered the person's removal in the last five years."),
            _("The process is closed to the person until five years have passed."),
        ),
    ]
    result.obstacles += [Finding(what, meaning) for is_so, what, meaning in obstacles if is_so]
    _person_unsure(answers, result, outside, counts_second)


def _person_unsure(answers, result, outside, counts_second) -> None:
    doubts = [
        (
            answers["outside"] == UNSURE,
            _("You do not know where the person is."),
            outside,
        ),
        (
            answers["passport"] != YES,
            _("Does the person have a valid passport?"),
            _("You can file without. But nobody can travel without a valid passport."),
        ),
        (
            counts_second and answers["second"] == UNSURE,
            _("You do not know if the person has a second home country."),
            _("Ask. Citizens, residents and refugees of another country are left out."),
        ),
        (
            answers["removal"] == UNSURE,
            _("You do not know if the United States ordered the person's removal."),
            _("Ask. An order of the last five years would stand in the way."),
        ),
    ]
    result.doubts += [Finding(what, meaning) for is_so, what, meaning in doubts if is_so]


def _entry(answers, result) -> None:
    process = result.process
    if not process or answers["entry"] == NO:
        return
    day = {"day": day_of(process.irregular_entry_after)}
    if answers["entry"] == YES:
        meaning = _(
            "Whoever entered the United States, Mexico or Panama without permission after %(day)s "
            "is left out. One time is forgiven when the person left of their own will."
        )
        result.obstacles.append(
            Finding(_("The person crossed a border without permission."), meaning % day)
        )
    else:
        meaning = _(
            "Ask whether the person entered the United States, Mexico or Panama without "
            "permission after %(day)s. It would stand in the way."
        )
        result.doubts.append(Finding(_("You do not know how the person travelled."), meaning % day))


def _support(answers, result) -> None:
    if answers["support"] == NO:
        result.obstacles.append(
            Finding(
                _("You cannot support the person for up to two years."),
                _(
                    "You promise housing and basic needs for that time. "
                    "Others can join you, an organization too."
                ),
            )
        )
    elif answers["support"] == UNSURE:
        result.doubts.append(
            Finding(
                _("You are not sure about two years."),
                _("Others can join you, an organization too. Officers look at all incomes."),
            )
        )
