from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cbpone.audit.choices import Relative, Verdict
from cbpone.audit.triggers import frozen, set_once, undeletable
from cbpone.lib import clock

OFFICER: Any = {"on_delete": models.PROTECT, "related_name": "+"}


class AccessQuerySet(models.QuerySet):
    def open_for(self, user):
        """What this officer may look at now; nothing they have said they stand too near to."""
        too_near = Conflict.objects.of(user).exclude(case="").values("case")
        return self.filter(officer=user, until__gt=clock.now()).exclude(case__in=too_near)


class Access(models.Model):
    """A look at one case outside the officer's scope, with the reason, for some hours.

    `case` is its reference. A supervisor sees each the same day and says whether it was right.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("officer"), **OFFICER)
    case = models.CharField(_("number"), max_length=16)
    reason = models.CharField(_("why it is needed"), max_length=300)
    opened_at = models.DateTimeField(_("opened"), db_default=Now())
    until = models.DateTimeField(_("until"))
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, verbose_name=_("judged by"), **OFFICER
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("look outside the scope")
        verbose_name_plural = _("looks outside the scope")
        ordering = ["-id"]
        permissions = [
            ("open_access", "Can look outside the scope with a reason"),
            ("judge_access", "Can judge looks outside the scope"),
        ]
        indexes = [
            models.Index(fields=["officer", "until"], name="access_open"),
            models.Index(fields=["opened_at"], name="access_to_judge", condition=Q(verdict="")),
        ]
        constraints = [
            models.CheckConstraint(name="access_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="access_ends_after_it_begins", condition=Q(until__gt=F("opened_at"))
            ),
            models.CheckConstraint(
                name="access_verdict_known", condition=Q(verdict__in=["", *Verdict.values])
            ),
            models.CheckConstraint(
                name="access_judged_has_who_and_when",
                condition=Q(verdict="", judged_by=None, judged_at=None)
                | (~Q(verdict="") & Q(judged_by__isnull=False, judged_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="access_judged_by_another",
                condition=Q(judged_by=None) | ~Q(judged_by=F("officer")),
                violation_error_message=_("Another supervisor judges your own look."),
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("officer_id", "case", "reason", "opened_at", "until"),
            frozen("verdict_final", when="OLD.verdict <> ''"),
        ]

    def __str__(self):
        return f"{self.officer}, {self.case}"

    @property
    def is_needed(self) -> bool:
        return self.verdict == Verdict.NEEDED


class ConflictQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def of(self, user):
        return self.standing().filter(officer=user)


class Conflict(models.Model):
    """Whom an officer may not decide about: one case by its reference, or a relative by name.

    `plain_name` is the name's words without accents, sorted, so that order and spelling meet.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("officer"), **OFFICER)
    case = models.CharField(_("number"), max_length=16, blank=True)
    name = models.CharField(_("name of the person"), max_length=200, blank=True)
    plain_name = models.CharField(max_length=200, blank=True, editable=False)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    relation = models.CharField(_("who this is to you"), max_length=10, choices=Relative.choices)
    declared_at = models.DateTimeField(_("declared"), db_default=Now())
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, verbose_name=_("ended by"), **OFFICER
    )

    objects = ConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        ordering = ["-id"]
        permissions = [
            ("declare_conflict", "Can declare a conflict of interest"),
            ("end_conflict", "Can end a conflict of interest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "case"],
                condition=Q(ended_at=None) & ~Q(case=""),
                name="conflict_once_a_case",
                violation_error_message=_("You have declared this already."),
            ),
            models.CheckConstraint(
                name="conflict_names_case_or_person",
                condition=(~Q(case="") & Q(name="", plain_name="", birth_date=None))
                | (Q(case="", birth_date__isnull=False) & ~Q(name="") & ~Q(plain_name="")),
                violation_error_message=_("Give a number, or a name with a date of birth."),
            ),
            models.CheckConstraint(
                name="conflict_relation_known", condition=Q(relation__in=Relative.values)
            ),
            models.CheckConstraint(
                name="conflict_ended_has_who_and_when",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.CheckConstraint(
                name="conflict_ended_by_another",
                condition=Q(ended_by=None) | ~Q(ended_by=F("officer")),
                violation_error_message=_("Another supervisor ends what you declared."),
            ),
        ]
        triggers = [
            *undeletable(),
            set_once("officer_id", "case", "name", "plain_name", "birth_date", "relation"),
            frozen("ended_final", when="OLD.ended_at IS NOT NULL"),
        ]

    def __str__(self):
        return self.case or self.name
