from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.triggers import frozen, moves_along, undeletable
from parole.choices import Outcome, Reason, Signal, Verdict
from parole.models.requests import SupportRequest
from parole.statuses import DECISION_MOVES, DecisionStatus


class FlagQuerySet(models.QuerySet):
    def unjudged(self):
        return self.filter(verdict="", cleared_at=None)

    def standing(self):
        return self.filter(cleared_at=None)


class Flag(models.Model):
    """A lead that a computer found, with what it saw. A person says what it means.

    `key` tells apart two leads of one signal, such as two phone numbers. A lead that is not found
    any more at the next look, and that nobody has judged, is cleared.
    """

    request = models.ForeignKey(SupportRequest, on_delete=models.PROTECT, related_name="flags")
    signal = models.CharField(max_length=16, choices=Signal.choices)
    key = models.CharField(max_length=64, blank=True)
    evidence = models.JSONField(default=dict)
    found_at = models.DateTimeField(db_default=Now())
    cleared_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=14, choices=Verdict.choices, blank=True)
    note = models.CharField(_("why"), max_length=300, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    judged_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["signal", "key"],
                name="flag_to_judge",
                condition=Q(verdict="", cleared_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "signal", "key"], name="flag_once"),
            models.CheckConstraint(name="flag_signal_known", condition=Q(signal__in=Signal.values)),
            models.CheckConstraint(
                name="flag_verdict_known", condition=Q(verdict__in=["", *Verdict.values])
            ),
            models.CheckConstraint(
                name="flag_judged_has_who_when_and_why",
                condition=Q(verdict="", judged_by=None, judged_at=None)
                | (
                    ~Q(verdict="")
                    & ~Q(note="")
                    & Q(judged_by__isnull=False, judged_at__isnull=False, cleared_at=None)
                ),
            ),
        ]
        triggers = undeletable()

    def __str__(self):
        return self.get_signal_display()


class Decision(models.Model):
    """What a reviewer decided, with a reason code and the letter that goes to the supporter.

    A refusal waits for a second person. `asked_until` and `answer` belong to a request for more
    information.
    """

    request = models.ForeignKey(SupportRequest, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    letter = models.TextField(_("letter"))
    language = models.CharField(max_length=10, default="en")
    note = models.CharField(_("note for colleagues"), max_length=500, blank=True)
    status = models.CharField(
        max_length=8, choices=DecisionStatus.choices, default=DecisionStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(db_default=Now())
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    asked_until = models.DateField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["outcome", "id"], name="decision_outcome")]
        constraints = [
            models.CheckConstraint(
                name="decision_status_known", condition=Q(status__in=DecisionStatus.values)
            ),
            models.CheckConstraint(
                name="decision_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="decision_reason_known", condition=Q(reason__in=Reason.values)
            ),
            models.CheckConstraint(name="decision_has_letter", condition=~Q(letter="")),
            models.CheckConstraint(
                name="decision_refusal_by_two_people",
                condition=~Q(status="made", outcome="not_confirm") | ~Q(closed_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decision_closed_has_who_and_when",
                condition=Q(status="proposed", closed_by=None, closed_at=None)
                | (~Q(status="proposed") & Q(closed_by__isnull=False, closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="decision_answer_has_time",
                condition=Q(answered_at=None, answer="")
                | Q(answered_at__isnull=False, outcome="more_info"),
            ),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status="proposed"),
                name="decision_one_proposed",
            ),
        ]
        triggers = [
            *undeletable(),
            moves_along(DECISION_MOVES),
            frozen(
                "closed",
                "request_id", "outcome", "reason", "letter", "proposed_by_id", "closed_by_id",
                when="OLD.status <> 'proposed'",
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.get_outcome_display()

    @property
    def case(self) -> str:
        return self.request.reference

    @property
    def phone(self) -> str:
        return self.request.phone

    @property
    def text_messages(self) -> bool:
        return self.request.text_messages
