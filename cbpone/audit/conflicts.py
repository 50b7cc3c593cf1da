"""Nobody decides about themselves, a relative, or a case they have said they stand too near to."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cbpone.audit.choices import Relative
from cbpone.audit.log import record
from cbpone.audit.models import Conflict
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import MovedOn, NotAllowed, Refused
from cbpone.travelers.spelling import spelled_plainly

DECLARE, END = "audit.declare_conflict", "audit.end_conflict"


class InConflict(Refused):
    code = "in_conflict"
    sentence = _("You said that you stand too near to this case. Another officer decides.")


class DeclaredAlready(Refused):
    code = "declared_already"
    sentence = _("You have declared this already.")


class OwnDeclaration(Refused):
    code = "own_declaration"
    sentence = _("You declared this yourself. Another supervisor ends it.")


@transaction.atomic
def declare(*, by, relation: str, case: str = "", name: str = "", birth_date=None) -> Conflict:
    """A case by its number, or a relative by name and birth date. It counts from this moment.

    Refuses with NotAllowed and DeclaredAlready. Cases the officer holds stay with them; they can
    only put them back.
    """
    if not by.has_perm(DECLARE):
        raise NotAllowed
    row = Conflict(
        officer=by,
        case=case,
        name=name,
        plain_name=" ".join(sorted(spelled_plainly(name).split())),
        birth_date=birth_date,
        relation=Relative(relation),
        declared_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "conflict_once_a_case" not in str(error):
            raise
        raise DeclaredAlready from None
    record(Verb.CONFLICT_DECLARED, on=row, case=case, by=by, note=relation)
    return row


@transaction.atomic
def end(*, conflict: Conflict, by) -> Conflict:
    """A supervisor says that it no longer stands. Refuses with NotAllowed and OwnDeclaration."""
    if not by.has_perm(END):
        raise NotAllowed
    if conflict.officer_id == by.pk:
        raise OwnDeclaration
    ended = {"ended_at": clock.now(), "ended_by": by}
    if not Conflict.objects.standing().filter(pk=conflict.pk).update(**ended):
        raise MovedOn
    conflict.refresh_from_db()
    record(Verb.CONFLICT_ENDED, on=conflict, case=conflict.case, by=by)
    return conflict


def cases_of(user):
    """References of the cases this officer may not decide, for a query: `exclude(x__in=...)`."""
    return Conflict.objects.of(user).exclude(case="").values("case")


def relatives_of(user, prefix: str = "") -> Q:
    """Matches travelers this officer has named as relatives: every word, and the birth date.

    `prefix` leads to the traveler, as in "traveler__". Matches nobody when none is named.
    """
    found = Q(pk__in=[])
    for row in Conflict.objects.of(user).filter(case=""):
        one = Q(**{f"{prefix}birth_date": row.birth_date})
        for word in row.plain_name.split():
            one &= Q(**{f"{prefix}search_name__contains": word})
        found |= one
    return found


def check_no_conflict(user, *, case: str, travelers=()) -> None:
    """Refuses with InConflict. `travelers` is everybody the case is about."""
    declared = list(Conflict.objects.of(user))
    if any(row.case == case for row in declared if row.case):
        raise InConflict
    named = [row for row in declared if row.plain_name]
    if any(_is(row, traveler) for row in named for traveler in travelers if traveler):
        raise InConflict


def _is(row: Conflict, traveler) -> bool:
    words = row.plain_name.split()
    plain = spelled_plainly(f"{traveler.given_names} {traveler.surnames} {traveler.other_names}")
    return traveler.birth_date == row.birth_date and all(word in plain for word in words)
