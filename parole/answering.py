"""An officer asked for more information: the supporter's answer, kept until it is sent."""

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cbpone.audit.log import move
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import NotAllowed, Refused
from parole.choices import Outcome
from parole.models import Decision, ParolePage, SupportRequest
from parole.pages import hold
from parole.statuses import DecisionStatus, RequestStatus

ANSWER = "answer"  # the page on which an answer to an officer is kept until it is sent


class AlreadyAnswered(Refused):
    code = "already_answered"
    sentence = _("Your answer is with the officer already. It cannot be changed here.")


class AnswerEmpty(Refused):
    code = "answer_empty"
    sentence = _("Write your answer, even if you only say which papers you added.")


def open_question(request: SupportRequest) -> Decision | None:
    """What an officer asked and nobody answered yet."""
    if request.status != RequestStatus.MORE_INFO:
        return None
    asked = request.decisions.filter(
        status=DecisionStatus.MADE, outcome=Outcome.MORE_INFO, answered_at=None
    )
    return asked.order_by("-id").first()


def is_late(question: Decision | None) -> bool:
    """The day to answer by has gone; a late answer still counts until an officer goes on."""
    until = question.asked_until if question else None
    return until is not None and until < clock.today_in(settings.PAROLE_ZONE)


@transaction.atomic
def keep_answer(*, request: SupportRequest, text: str, by) -> None:
    """What is written of an answer so far, while papers are added or the text is mended."""
    hold(request)
    if request.owner_id != by.pk or not open_question(request):
        raise AlreadyAnswered
    ParolePage.objects.update_or_create(
        request=request,
        key=ANSWER,
        defaults={"typed": {"text": [text.replace("\0", "")]}, "typed_at": clock.now()},
    )


@transaction.atomic
def answer_info(*, decision: Decision, text: str, by) -> Decision:
    """The supporter answers what an officer asked; the review goes on where it stopped.

    Refuses with AnswerEmpty, or AlreadyAnswered when it was sent before. A late answer counts as
    long as no officer has gone on.
    """
    request = decision.request
    hold(request)
    if request.owner_id != by.pk:
        raise NotAllowed
    if not text.strip():
        raise AnswerEmpty
    question = open_question(request)
    if not question or question.pk != decision.pk:
        raise AlreadyAnswered
    now = clock.now()
    unanswered = Decision.objects.filter(pk=decision.pk, answered_at=None)
    if not unanswered.update(answer=text, answered_at=now):
        raise AlreadyAnswered
    decision.answer, decision.answered_at = text, now
    ParolePage.objects.update_or_create(
        request=request, key=ANSWER, defaults={"saved_at": now, "typed": None, "typed_at": None}
    )
    move(request, to="selected", verb=Verb.INFO_ANSWERED, by=by)
    return decision
