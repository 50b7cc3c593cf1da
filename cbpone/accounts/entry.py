"""One door: an e-mail address opens the account it belongs to, or a new one."""

import hashlib
import hmac
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from cbpone.accounts.models import RecoveryCode, User
from cbpone.audit.log import record
from cbpone.audit.verbs import Verb
from cbpone.lib import clock
from cbpone.lib.errors import Refused
from cbpone.lib.references import ALPHABET

RECOVERY_CODES = 8
RECOVERY_LENGTH = 12  # of 29 characters: 58 bits


class RecoveryRefused(Refused):
    code = "recovery_refused"
    sentence = _(
        "That address and code do not belong together, or the code was used already. "
        "Look at the sheet again, and type one of the codes that you have not used."
    )


def open_account(*, email: str, language: str) -> User:
    """The account of this address, made now if there is none. It is only proved by the code."""
    email = email.lower()
    user = User.objects.filter(email__iexact=email).first()
    if user:
        return user
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, language=language)
            EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    except IntegrityError:  # the same address pressed twice at once
        user = User.objects.get(email__iexact=email)
    return user


def _digest(code: str, key: str) -> str:
    tidy = "".join(char for char in code.upper() if char.isalnum())
    return hmac.new(key.encode(), tidy.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """New codes, shown once; older unused ones stop working."""
    user.recovery_codes.all().delete()
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, digest=_digest(code, settings.SECRET_KEY)) for code in codes
    )
    record(Verb.RECOVERY_PRINTED, on=user, by=user)
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


@transaction.atomic
def use_recovery_code(*, email: str, code: str) -> User:
    """Sign-in by a printed code. Each works once; officers have no such door."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    found = RecoveryCode.objects.filter(
        digest__in=[_digest(code, one) for one in keys],
        used_at=None,
        user__email__iexact=email.strip(),
        user__is_staff=False,
        user__is_active=True,
    ).first()
    if not found:
        raise RecoveryRefused
    if not RecoveryCode.objects.filter(pk=found.pk, used_at=None).update(used_at=clock.now()):
        raise RecoveryRefused
    record(Verb.RECOVERY_USED, on=found.user, by=found.user)
    return found.user


def purge_unused_accounts(*, older_than) -> int:
    """Forget addresses that asked for a code and never used one."""
    unused = User.objects.filter(
        last_login=None,
        is_staff=False,
        date_joined__lt=older_than,
        registrations=None,
        messages=None,  # an invited person may take weeks to answer
    )
    return unused.delete()[0]
