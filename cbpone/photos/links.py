"""Links with which a phone that is not signed in sends one traveler's photo."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import User
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock, vault
from cbpone.lib.errors import Refused
from cbpone.lib.limits import count_try
from cbpone.lib.references import read_code
from cbpone.notifications.models import Message
from cbpone.notifications.outbox import notify
from cbpone.notifications.statuses import Template
from cbpone.photos.models import PhoneLink, Photo
from cbpone.photos.receiving import check_place
from cbpone.photos.statuses import UploadStatus
from cbpone.travelers.models import Traveler

MOST_LINKS, LINKS_SECONDS = 60, 3600


class LinkOver(Refused):
    code = "link_over"
    sentence = _("This link has ended. Make a new one.")


def _minutes() -> timedelta:
    return timedelta(minutes=settings.PHONE_LINK_MINUTES)


def digest_of(code: str) -> str:
    return vault.digest(f"phone link code {code}")


def open_links():
    return PhoneLink.objects.filter(closed_at=None, ends_at__gt=clock.now())


@transaction.atomic
def make_link(*, traveler: Traveler, by: User) -> PhoneLink:
    """A link good for PHONE_LINK_MINUTES; an unused one with half of its time is taken again.

    Refuses with Closed when no photo can be sent for the traveler, and with TooMany.
    """
    place = check_place(traveler, by)
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    now = clock.now()
    mine = open_links().filter(traveler=traveler, made_by=by, ends_at__gt=now + _minutes() / 2)
    link = mine.exclude(uploads__status=UploadStatus.KEPT).order_by("-ends_at").first()
    if link:
        return link
    count_try("phone-links", str(by.pk), most=MOST_LINKS, seconds=LINKS_SECONDS)
    link = PhoneLink(traveler=traveler, made_by=by, made_at=now, ends_at=now + _minutes())
    link.digest = digest_of(link.code)
    link.save()
    record(Verb.PHONE_LINK_MADE, on=link, by=by, case=place.case)
    return link


def find_link(text: str) -> PhoneLink | None:
    """The link of a code as somebody opened or typed it, whether it is over or not."""
    people = ("traveler__member__registration", "traveler__beneficiary", "made_by")
    return (
        PhoneLink.objects.select_related(*people).filter(digest=digest_of(read_code(text))).first()
    )


@transaction.atomic
def open_link(link: PhoneLink) -> None:
    """Note that a phone opened it; the first time only."""
    first = PhoneLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=clock.now())
    if first:
        record(Verb.PHONE_LINK_OPENED, on=link, case=link.about.reference)


def close_link(link: PhoneLink) -> None:
    """Nothing more can be sent with it."""
    PhoneLink.objects.filter(pk=link.pk, closed_at=None).update(closed_at=clock.now())


def send_link(link: PhoneLink) -> Message:
    """As a message to whoever made it. The same link is never sent twice. Refuses with LinkOver."""
    if link.is_over:
        raise LinkOver
    return notify(user=link.made_by, template=Template.PHONE_LINK, about=link, sms_to=link)


def photo_by(link: PhoneLink) -> Photo | None:
    """The last photo that came by this link, as long as it is the traveler's photo.

    It is shown until the link was over for as long as it was good.
    """
    if link.closed_at or link.ends_at + _minutes() <= clock.now():
        return None
    sent = Photo.objects.current().filter(uploads__link=link, erased_at=None)
    return sent.order_by("-added_at").first()


def state_of(link: PhoneLink) -> str:
    if link.uploads.filter(status=UploadStatus.KEPT).exists():
        return "sent"
    if link.is_over:
        return "closed"
    return "opened" if link.opened_at else "waiting"


def close_links() -> int:
    """Close the links that nothing can come by any more; returns how many."""
    too_old = clock.now() - timedelta(days=settings.UPLOAD_TICKET_DAYS)
    ended = PhoneLink.objects.filter(closed_at=None, ends_at__lt=too_old)
    return ended.update(closed_at=clock.now())


def path_of(link: PhoneLink) -> str:
    return reverse("photo_link", args=[link.code])
