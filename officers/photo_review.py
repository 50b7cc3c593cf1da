"""What an officer says of a photo. Nobody is refused anything for how a face looks."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.conflicts import InConflict, check_no_conflict
from cbpone.audit.holding import check_holds
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from cbpone.photos.models import Photo
from cbpone.photos.statuses import Advice, PhotoStatus
from officers.queues.photos import QUEUE
from parole.nearness import check_not_near
from scheduling.models import Member


class OwnFamily(InConflict):
    code = "own_family"
    sentence = _("This is your own case, or you support it. Another officer looks at the photo.")


def check_no_part(user, photo: Photo) -> None:
    """Refuses with InConflict: a reviewer's own family, people they support, what they declared."""
    registration, case = photo.registration, photo.beneficiary
    if registration:
        if registration.owner_id == user.pk:
            raise OwnFamily
        people = [member.traveler for member in registration.people()]
        check_no_conflict(user, case=registration.reference, travelers=people)
    if case:
        guardian = case.guardian and case.guardian.user_id
        if user.pk in (case.user_id, case.request.owner_id, guardian):
            raise OwnFamily
        check_not_near(user, case.request)


def check_can_judge(user, photo: Photo) -> None:
    """Who holds it, while it waits and is of somebody who asks. Refuses with NotAllowed,
    InConflict, MovedOn and NotHolder.
    """
    if not QUEUE.is_for(user):
        raise NotAllowed
    check_no_part(user, photo)
    if not QUEUE.waits(user).filter(pk=photo.pk).exists():
        raise MovedOn
    check_holds(user, photo)


def can_judge(user, photo: Photo) -> bool:
    try:
        check_can_judge(user, photo)
    except Refused:
        return False
    return True


def is_near(user, photo: Photo) -> bool:
    """Too near to judge or even see it, though they may hold it still."""
    try:
        check_no_part(user, photo)
    except InConflict:
        return True
    return False


@transaction.atomic
def approve(*, photo: Photo, by) -> Photo:
    """The photo is good. Refuses as check_can_judge does."""
    return _judge(photo, PhotoStatus.GOOD, by)


@transaction.atomic
def ask_another(*, photo: Photo, advice: str, by) -> Photo:
    """Ask the person for another picture, with one sentence of advice. Nothing else changes.

    Refuses as check_can_judge does.
    """
    photo = _judge(photo, PhotoStatus.ANOTHER, by, advice=Advice(advice))
    _tell(photo, Template.PHOTO_ANOTHER)
    return photo


@transaction.atomic
def mark_at_port(*, photo: Photo, by) -> Photo:
    """An officer takes the picture: at the port, or at the airport of who travels by parole.

    Refuses as check_can_judge does.
    """
    photo = _judge(photo, PhotoStatus.AT_PORT, by)
    Member.objects.present().filter(traveler=photo.traveler_id).update(photo_at_port=True)
    _tell(photo, Template.PHOTO_AT_PORT)
    return photo


def _judge(photo: Photo, verdict: PhotoStatus, by, advice="") -> Photo:
    check_can_judge(by, photo)
    held = Photo.objects.waiting().filter(pk=photo.pk, taken_by=by)
    if not held.update(status=verdict, advice=advice, judged_by=by, judged_at=clock.now()):
        raise MovedOn
    before = photo.status
    photo.refresh_from_db()
    record(
        Verb.PHOTO_JUDGED,
        on=photo,
        case=photo.about.reference,
        by=by,
        before=before,
        after=verdict,
        note=advice,
    )
    return photo


def _tell(photo: Photo, template: Template) -> None:
    notify(user=photo.account, template=template, about=photo, sms_to=photo)
