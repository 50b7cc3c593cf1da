"""Messages to many families: written by one, released by another, taken back with a correction."""

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Count, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move, record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from cbpone.notifications.models import Delivery, Reading
from cbpone.notifications.outbox import notify, was_told
from cbpone.notifications.statuses import DeliveryStatus, Template
from officers.models import MassMessage, MassRecipient, MassText
from officers.statuses import Audience, MassStatus
from scheduling.booking import user_works_at
from scheduling.models import Appointment, Port, Registration
from scheduling.statuses import LIVE, AppointmentStatus

WRITE, RELEASE = "officers.write_massmessage", "officers.release_massmessage"
BATCH = 200


class NobodyToTell(Refused):
    code = "nobody_to_tell"
    sentence = _("No family matches that now. Nothing was sent.")


class SamePerson(Refused):
    code = "same_person"
    sentence = _("You wrote this message. It takes a second person to release it.")


class NotReleased(Refused):
    code = "not_released"
    sentence = _("This message is not out, so there is nothing to take back.")


class WordsMissing(Refused):
    code = "words_missing"
    sentence = _("Write the text in every language, so that everyone can read it.")


def check_may_write(user, port: Port | None) -> None:
    """Of their own ports; of every port at once only who sees every port."""
    works_there = user.sees_every_port if port is None else user_works_at(user, port)
    if not user.has_perm(WRITE) or not works_there:
        raise NotAllowed


def check_may_release(user, mass: MassMessage) -> None:
    works_there = MassMessage.objects.visible_to(user).filter(pk=mass.pk).exists()
    if not user.has_perm(RELEASE) or not works_there:
        raise NotAllowed
    if mass.written_by_id == user.pk:
        raise SamePerson


def check_may_recall(user, mass: MassMessage) -> None:
    """One person is enough: to stop what is wrong must be quick."""
    if not user.has_perm(RELEASE) or not MassMessage.objects.visible_to(user).contains(mass):
        raise NotAllowed
    if mass.status != MassStatus.RELEASED:
        raise NotReleased


def recipients(mass: MassMessage):
    """The families a message goes to as things stand now."""
    asked = Appointment.objects.filter(registration=OuterRef("pk"))
    if mass.port_id:
        asked = asked.filter(slot__port=mass.port_id)
    if mass.audience == Audience.WAITING:
        return _who_wait(mass)
    asked = asked.filter(slot__day__range=(mass.first_day, mass.last_day))
    status = [AppointmentStatus.NO_SHOW] if mass.audience == Audience.ABSENT else LIVE
    return Registration.objects.live().filter(Exists(asked.filter(status__in=status)))


def _who_wait(mass: MassMessage):
    booked = Appointment.objects.filter(registration=OuterRef("pk")).live()
    rows = Registration.objects.live().exclude(seniority_at=None).exclude(Exists(booked))
    return rows.filter(preferences__port=mass.port_id).distinct() if mass.port_id else rows


def by_language(mass: MassMessage) -> list[tuple[str, int]]:
    """(language, families): in which words each family reads it."""
    known = dict(settings.LANGUAGES)
    rows = recipients(mass).order_by().values("owner__language")
    counted: dict[str, int] = {}
    for row in rows.annotate(n=Count("pk", distinct=True)):
        code = row["owner__language"]
        code = code if code in known else settings.LANGUAGE_CODE
        counted[code] = counted.get(code, 0) + row["n"]
    return [(name, counted.get(code, 0)) for code, name in settings.LANGUAGES]


@transaction.atomic
def write(*, values: dict, texts: dict[str, str], by) -> MassMessage:
    """A new draft. `texts` by language code."""
    check_may_write(by, values["port"])
    mass = MassMessage(**values, written_by=by, written_at=clock.now())
    mass.save()
    _put_words(mass, texts, correction=False)
    record(Verb.MASS_WRITTEN, on=mass, by=by, note=mass.title)
    return mass


@transaction.atomic
def rewrite(*, mass: MassMessage, values: dict, texts: dict, version: int, by) -> MassMessage:
    """Changes a draft that nobody else has changed since `version`. Refuses with MovedOn."""
    check_may_write(by, values["port"])
    as_seen = MassMessage.objects.filter(pk=mass.pk, status=MassStatus.DRAFT, version=version)
    if not as_seen.update(**values, version=version + 1):
        raise MovedOn
    mass.refresh_from_db()
    _put_words(mass, texts, correction=False)
    record(Verb.MASS_WRITTEN, on=mass, by=by, note=mass.title)
    return mass


def _put_words(mass: MassMessage, texts: dict[str, str], *, correction: bool) -> None:
    if not all(texts.get(code, "").strip() for code, _name in settings.LANGUAGES):
        raise WordsMissing
    for code, _name in settings.LANGUAGES:
        MassText.objects.update_or_create(
            mass=mass,
            language=code,
            is_correction=correction,
            defaults={"body": texts[code].strip()},
        )


@transaction.atomic
def propose(*, mass: MassMessage, by) -> MassMessage:
    """The words are final then, and wait for a second person."""
    check_may_write(by, mass.port)
    if not recipients(mass).exists():
        raise NobodyToTell
    return move(mass, to="proposed", verb=Verb.MASS_PROPOSED, by=by, note=mass.title)


@transaction.atomic
def decline(*, mass: MassMessage, note: str, by) -> MassMessage:
    """The second person sends it back to its writer, as a draft again, with the reason."""
    check_may_release(by, mass)
    return move(mass, to="draft", verb=Verb.MASS_DECLINED, by=by, note=note.strip())


@transaction.atomic
def release(*, mass: MassMessage, by) -> MassMessage:
    """Freezes who gets it and lets it go. Refuses with SamePerson, NobodyToTell and MovedOn."""
    check_may_release(by, mass)
    rows = [MassRecipient(mass=mass, registration=one) for one in recipients(mass)]
    if not rows:
        raise NobodyToTell
    values = {"released_by": by, "released_at": clock.now(), "counted": len(rows)}
    note = f"{mass.title}: {len(rows)}"
    move(mass, to="released", verb=Verb.MASS_RELEASED, by=by, note=note, **values)
    MassRecipient.objects.bulk_create(rows, batch_size=1000)
    return mass


@transaction.atomic
def recall(*, mass: MassMessage, texts: dict[str, str], by) -> MassMessage:
    """Takes it back: who has not got it gets nothing, who has gets the correction."""
    mass.refresh_from_db(from_queryset=MassMessage.objects.select_for_update(no_key=True))
    check_may_recall(by, mass)
    _put_words(mass, texts, correction=True)
    values = {"recalled_by": by, "recalled_at": clock.now()}
    return move(mass, to="recalled", verb=Verb.MASS_RECALLED, by=by, note=mass.title, **values)


def queue_messages() -> int:
    """Queues what was released or taken back and is not queued yet. Any number of runs at once."""
    released = MassMessage.objects.filter(status=MassStatus.RELEASED, queued_at=None)
    recalled = MassMessage.objects.filter(status=MassStatus.RECALLED, recall_queued_at=None)
    told = sum(_queue(pk, Template.MASS) for pk in released.values_list("pk", flat=True))
    for pk in recalled.values_list("pk", flat=True):
        _stop_waiting(pk)
        told += _queue(pk, Template.MASS_RECALL)
    return told


def _queue(pk: int, template: Template) -> int:
    told = 0
    while batch := _queue_batch(pk, template):
        told += batch
    return told


@transaction.atomic
def _queue_batch(pk: int, template: Template) -> int:
    """Under the lock of the message, so that nothing is queued once it is taken back."""
    mass = MassMessage.objects.select_for_update(no_key=True).get(pk=pk)
    of_recall = template == Template.MASS_RECALL
    if mass.status != (MassStatus.RECALLED if of_recall else MassStatus.RELEASED):
        return 0
    rows = mass.recipients.exclude(was_told(template, MassRecipient))
    rows = rows.filter(_got()) if of_recall else rows
    batch = list(rows.select_related("registration__owner").order_by("pk")[:BATCH])
    for row in batch:
        row.mass = mass
        notify(user=row.registration.owner, template=template, about=row, sms_to=row)
    if not batch:
        done = "recall_queued_at" if of_recall else "queued_at"
        MassMessage.objects.filter(pk=pk, **{done: None}).update(**{done: clock.now()})
    return len(batch)


def _key(template: Template, recipient):
    """The key of a recipient's own message: see `outbox.was_told`."""
    start = Value(f"{template}:{MassRecipient._meta.label_lower}:")
    return Concat(start, Cast(recipient, CharField()))


def _got():
    """Who got it by e-mail or text message, or has read it here. For a query of recipients."""
    own = {"message__dedupe_key": _key(Template.MASS, OuterRef("pk"))}
    sent = Delivery.objects.filter(**own, status=DeliveryStatus.SENT)
    return Exists(sent) | Exists(Reading.objects.filter(**own))


def _deliveries(mass_id: int, template: Template):
    keys = MassRecipient.objects.filter(mass=mass_id).annotate(key=_key(template, "pk"))
    return Delivery.objects.filter(message__dedupe_key__in=keys.values("key"))


def _stop_waiting(pk: int) -> None:
    """What is being sent at this moment is waited for, and counts as sent or not."""
    waiting = _deliveries(pk, Template.MASS).filter(status=DeliveryStatus.WAITING)
    # By key and status of the row itself: a condition behind a join is not looked at again when
    # another worker was faster, and what is final would be changed.
    found = Delivery.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)))
    found.filter(status=DeliveryStatus.WAITING).update(status=DeliveryStatus.OUTDATED)


def progress(mass: MassMessage) -> dict:
    """How far a released message has come, in deliveries; families that got the correction."""
    rows = _deliveries(mass.pk, Template.MASS).values("status").annotate(n=Count("pk"))
    counted = {row["status"]: row["n"] for row in rows.order_by()}
    return {
        "sent": counted.get(DeliveryStatus.SENT, 0),
        "waiting": counted.get(DeliveryStatus.WAITING, 0),
        "failed": counted.get(DeliveryStatus.FAILED, 0),
        "stopped": counted.get(DeliveryStatus.OUTDATED, 0),
        "corrected": mass.recipients.filter(was_told(Template.MASS_RECALL, MassRecipient)).count(),
    }
