"""What an answer can mean, said before it is signed. Nothing here refuses anybody.

Sources of the conditions: 87 FR 63507, 88 FR 1243, 1255, 1266, 26327 and 26329.
"""

from django.utils.translation import gettext as _

from parole.case_dossier import CaseDossier
from parole.choices import Vaccination, Yes
from parole.eligibility import Finding, day_of


def notes_of(dossier: CaseDossier) -> list[Finding]:
    """One for each answer that can stand in the way, in the order of the pages."""
    return [*_person(dossier), *_answers(dossier), *_health(dossier)]


def _person(dossier: CaseDossier) -> list[Finding]:
    found, person = [], dossier.traveler
    mine = {str(person.nationality), str(person.other_nationality)}
    follows = dossier.case.request.principal_id is not None
    if str(dossier.process.country) not in mine and person.nationality and not follows:
        country = {"country": dossier.process}
        found.append(
            Finding(
                _("The nationality is another one than your supporter wrote."),
                _("The request is for people from %(country)s.") % country,
            )
        )
    if dossier.is_expired:
        day = {"day": day_of(person.document_expires_on)}
        found.append(
            Finding(
                _("The passport ran out on %(day)s.") % day,
                _(
                    "Travel needs a valid one. Ask your consulate for a new passport, then write "
                    "its number here. Everything else stays."
                ),
            )
        )
    return found


def _answers(dossier: CaseDossier) -> list[Finding]:
    answers = dossier.attestation
    if not answers:
        return []
    entry = {"day": day_of(dossier.process.irregular_entry_after)}
    returned = answers.irregular_returned == Yes.YES
    forgiven = _("One time is forgiven to who left of their own will. You said that you did.")
    barred = _("Whoever entered that way after %(day)s is left out of the process.") % entry
    told = [
        (
            answers.outside_us == Yes.NO,
            _("You are in the United States."),
            _("The process is for people who are outside the country."),
        ),
        (
            answers.passport_valid == Yes.NO,
            _("You have no valid passport."),
            _("Nobody can be authorized to travel without one. You can get it and come back."),
        ),
        (
            answers.other_country == Yes.YES,
            _("You have a second home country."),
            _(
                "Citizens, permanent residents and refugees of another country are left out. "
                "Not so if it is Cuba, Haiti, Nicaragua or Venezuela, and not for family."
            ),
        ),
        (
            answers.removal_order == Yes.YES,
            _("The United States ordered your removal in the last five years."),
            _("The process is closed to people with such an order until five years have passed."),
        ),
        (
            answers.irregular_entry == Yes.YES,
            _("You entered a country irregularly."),
            forgiven if returned else barred,
        ),
        (
            answers.interdicted == Yes.YES,
            _("You were stopped at sea."),
            _("People who were stopped at sea after the day named are left out."),
        ),
        (
            answers.flies_on_own == Yes.NO,
            _("You do not fly at your own cost."),
            _("The process is only for people who fly to an airport inside the country."),
        ),
    ]
    return [Finding(what, meaning) for is_so, what, meaning in told if is_so]


def _health(dossier: CaseDossier) -> list[Finding]:
    answers = dossier.attestation
    if not answers or not dossier.is_saved("vaccination"):
        return []
    found = []
    if dossier.needs_tb_test and not answers.tb_agreed:
        found.append(
            Finding(
                _("You did not agree to the blood test for tuberculosis."),
                _("It is a condition of parole for everybody aged 2 or older."),
            )
        )
    if Vaccination.BEFORE in (answers.measles, answers.polio, answers.covid):
        found.append(
            Finding(
                _("A vaccination is still to come."),
                _("Have it before you travel and keep the paper. An officer may ask for it."),
            )
        )
    return found
