"""A beneficiary's own steps: details, signature, photo and passport page, then the officers.

What differs from the supporter's words becomes a correction, for officers alone.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from cbpone.lib.limits import count_try
from cbpone.lib.references import read_reference
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from cbpone.photos.models import Photo
from parole.case_dossier import ENDED, NEEDED, CaseDossier, read_case
from parole.models import Beneficiary, Correction
from parole.pages import check_can_edit, hold
from parole.references import BENEFICIARY
from parole.statuses import BENEFICIARY_MOVES, WITH_PHOTO, BeneficiaryStatus

# Of the person, where both sides wrote one: what an officer has to look at when they differ.
COMPARED = (
    "given_names", "surnames", "other_names", "birth_date", "sex", "birth_city", "birth_country",
    "nationality", "other_nationality", "marital_status", "document_number", "document_country",
    "document_expires_on",
)  # fmt: skip
CONTACT = {"street", "phone", "text_messages"}  # may change without another signature
SIGNED = (BeneficiaryStatus.ATTESTED, BeneficiaryStatus.PHOTO_SUBMITTED)
GUARDIAN_TRIES, GUARDIAN_SECONDS = 30, 3600


class NotComplete(Refused):
    code = "not_complete"
    sentence = _("Some things are still missing. They are marked in the list of your case.")


class MinorNeedsGuardian(Refused):
    code = "minor_needs_guardian"
    sentence = _(
        "A child under 18 travels with a parent or legal guardian. Say who it is on the page "
        "about the family, and send a paper that shows it. Then send everything again."
    )


class PassportExpired(Refused):
    code = "passport_expired"
    sentence = _(
        "The passport has run out. Nobody can be authorized to travel with it. Ask your "
        "consulate for a new one, write its number here, then send everything. "
        "All your answers stay here."
    )


class GuardianUnknown(Refused):
    code = "guardian_unknown"
    sentence = _(
        "We know no grown-up with this case number and this date of birth who has accepted an "
        "invitation. Check both."
    )


def today() -> date:
    return clock.today_in(settings.PAROLE_ZONE)


def _text(value) -> str:
    """As it is kept in a correction: a code, a day as 1994-03-21, or the words themselves."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")[:300]


def differences(case: Beneficiary) -> dict[str, tuple[str, str]]:
    """Field -> (what the supporter wrote, what the person says), where the two differ."""
    pairs = {
        name: (_text(getattr(case.written, name)), _text(getattr(case.traveler, name)))
        for name in COMPARED
    }
    pairs["country"] = (_text(case.written_country), _text(case.country))
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _settle_corrections(case: Beneficiary) -> list[str]:
    """Corrections as the answers now are; returns the fields where something changed.

    A verdict was about one value: with another value it falls, the record of it stays.
    """
    found = differences(case)
    known = {row.field: row for row in Correction.objects.filter(beneficiary=case)}
    changed = [
        name
        for name in {**known, **found}
        if name not in found or name not in known or known[name].after != found[name][1]
    ]
    gone = [name for name in changed if name not in found]
    Correction.objects.filter(beneficiary=case, field__in=gone).delete()
    for name in changed:
        if name in found:
            before, after = found[name]
            fresh = {"verdict": "", "judged_by": None, "judged_at": None, "made_at": clock.now()}
            Correction.objects.update_or_create(
                beneficiary=case,
                field=name,
                defaults={"before": before, "after": after} | fresh,
            )
    return changed


def is_asked_for_photo(beneficiary: Beneficiary) -> bool:
    """An officer would like another photo, and travel is still to come."""
    asked = Photo.objects.asked_again().filter(traveler=beneficiary.traveler_id)
    return beneficiary.status in WITH_PHOTO and asked.exists()


def check_can_send_photo(user, beneficiary: Beneficiary) -> None:
    """As long as the case can be edited; later only when an officer asks for another photo."""
    if beneficiary.user_id != user.pk or not is_asked_for_photo(beneficiary):
        check_can_edit(user, beneficiary)


@transaction.atomic
def confirm_details(*, beneficiary: Beneficiary, by) -> Beneficiary:
    """Details, passport and address are written: from here on differences are on file.

    Refuses with NotAllowed, or NotComplete while a page is missing.
    """
    hold(beneficiary)
    check_can_edit(by, beneficiary)
    if not read_case(beneficiary).details_done:
        raise NotComplete
    if beneficiary.status != BeneficiaryStatus.INVITED:
        return beneficiary
    move(beneficiary, to="details_confirmed", verb=Verb.DETAILS_CONFIRMED, by=by)
    corrected = _settle_corrections(beneficiary)
    if corrected:
        record(Verb.CORRECTED, on=beneficiary, by=by, note=", ".join(corrected))
    return beneficiary


@transaction.atomic
def advance(*, beneficiary: Beneficiary, by) -> Beneficiary:
    """Move the case along as far as what is stored allows; never sends it to the officers."""
    hold(beneficiary)
    check_can_edit(by, beneficiary)
    dossier = read_case(beneficiary)
    if beneficiary.status == BeneficiaryStatus.INVITED and dossier.details_done:
        confirm_details(beneficiary=beneficiary, by=by)
    if (
        beneficiary.status == BeneficiaryStatus.ATTESTED
        and dossier.photo
        and dossier.has_passport_page
    ):
        move(beneficiary, to="photo_submitted", verb=Verb.READY, by=by)
    return beneficiary


@transaction.atomic
def page_saved(*, beneficiary: Beneficiary, changed, by) -> Beneficiary:
    """A page was answered; `changed` names its fields with another answer than before.

    What was signed no longer stands once an answer changed: the case waits for a new signature.
    """
    hold(beneficiary)
    check_can_edit(by, beneficiary)
    if beneficiary.status != BeneficiaryStatus.INVITED:
        corrected = _settle_corrections(beneficiary)
        unsigned = corrected or sorted(set(changed) - CONTACT)
        note = ", ".join(corrected or unsigned)
        if beneficiary.status in SIGNED and unsigned:
            fallen = {"attested_at": None, "attested_name": ""}
            to = "details_confirmed"
            move(beneficiary, to=to, verb=Verb.CORRECTED, by=by, note=note, **fallen)
        elif corrected:
            record(Verb.CORRECTED, on=beneficiary, by=by, note=note)
    return advance(beneficiary=beneficiary, by=by)


@transaction.atomic
def attest(*, beneficiary: Beneficiary, name: str, by) -> Beneficiary:
    """Sign what was answered. A second press changes nothing.

    Refuses with NotAllowed, or NotComplete while a page is missing. No answer is refused.
    """
    advance(beneficiary=beneficiary, by=by)
    if beneficiary.status in SIGNED:
        return beneficiary
    if not read_case(beneficiary).can_sign:
        raise NotComplete
    signed = {"attested_at": clock.now(), "attested_name": name}
    move(beneficiary, to="attested", verb=Verb.ATTESTED, by=by, **signed)
    return advance(beneficiary=beneficiary, by=by)


def check_can_submit(user, dossier: CaseDossier) -> None:
    """Refuses with NotAllowed, MinorNeedsGuardian, NotComplete or PassportExpired."""
    check_can_edit(user, dossier.case)
    if dossier.case.status != BeneficiaryStatus.PHOTO_SUBMITTED:
        raise NotComplete
    if not dossier.is_cared_for:
        raise MinorNeedsGuardian
    pages = all(dossier.is_done(key) for key in NEEDED)
    if not (pages and dossier.photo and dossier.has_passport_page):
        raise NotComplete
    if dossier.is_expired:
        raise PassportExpired


@transaction.atomic
def submit(*, beneficiary: Beneficiary, by) -> Beneficiary:
    """Send everything to the officers. A second press changes nothing.

    Who was asked to mend something keeps the time of the first sending, and so the place.
    Refuses as check_can_submit does.
    """
    hold(beneficiary)
    if beneficiary.status == BeneficiaryStatus.ATA_PENDING and beneficiary.user_id == by.pk:
        return beneficiary
    check_can_submit(by, read_case(beneficiary))
    now = clock.now()
    values = {"submitted_at": beneficiary.submitted_at or now, "sent_back_note": ""}
    move(beneficiary, to="ata_pending", verb=Verb.SUBMITTED, by=by, **values)
    notify(
        user=beneficiary.user,
        template=Template.CASE_SUBMITTED,
        about=beneficiary,
        sms_to=beneficiary,
        dedupe=f"{Template.CASE_SUBMITTED}:{beneficiary.pk}:{now.isoformat()}",
    )
    return beneficiary


@transaction.atomic
def close(*, beneficiary: Beneficiary, by=None, note="") -> bool:
    """End a case whose request has ended. False, and nothing changed, once travel is decided."""
    hold(beneficiary)
    was_invited = beneficiary.status != BeneficiaryStatus.WRITTEN
    if "closed" not in BENEFICIARY_MOVES[beneficiary.status]:
        return False
    nobody = dict.fromkeys(("queued_at", "queued_by", "taken_by", "taken_at"))
    values = {"closed_at": clock.now(), **nobody}
    move(beneficiary, to="closed", verb=Verb.CASE_CLOSED, by=by, note=note, **values)
    user = beneficiary.user
    if not user and was_invited:
        user = User.objects.filter(email__iexact=beneficiary.written_email).first()
    if user:
        notify(user=user, template=Template.CASE_CLOSED, about=beneficiary, sms_to=beneficiary)
    return True


def guardians_of(case: Beneficiary, day: date) -> list[Beneficiary]:
    """Grown-ups of the same account who can bring this child."""
    rows = Beneficiary.objects.of_user(case.user).exclude(pk=case.pk).exclude(status__in=ENDED)
    grown = [row for row in rows.select_related("traveler") if not row.is_minor_on(day)]
    return sorted(grown, key=lambda row: row.pk)


def find_guardian(*, case: Beneficiary, number: str, birth_date: date, day: date) -> Beneficiary:
    """The grown-up of another account. Refuses with TooMany (30 an hour) or GuardianUnknown."""
    if not case.user_id:
        raise NotAllowed
    count_try("guardian", case.reference, most=GUARDIAN_TRIES, seconds=GUARDIAN_SECONDS)
    rows = Beneficiary.objects.exclude(user=None).exclude(pk=case.pk).exclude(status__in=ENDED)
    found = rows.select_related("traveler").filter(
        reference=read_reference(number, BENEFICIARY) or "", traveler__birth_date=birth_date
    )
    guardian = found.first()
    if not guardian or guardian.is_minor_on(day):
        raise GuardianUnknown
    return guardian
