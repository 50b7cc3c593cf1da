import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from cbpone.accounts.entry import (
    RecoveryRefused,
    make_recovery_codes,
    open_account,
    purge_unused_accounts,
    use_recovery_code,
)
from cbpone.accounts.models import RecoveryCode, User
from cbpone.accounts.tasks import purge_unused
from cbpone.audit.models import Event
from cbpone.lib import clock as the_clock
from tests.factories import make_officer, make_registration, make_user
from tests.race import at_once, kinds

pytestmark = pytest.mark.django_db


def test_open_account_of_a_new_address_makes_an_unproved_account():
    user = open_account(email="Ana@Example.org", language="es")

    assert (user.email, user.language) == ("ana@example.org", "es")
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (False, False, False)
    address = EmailAddress.objects.get()
    assert (address.user, address.email) == (user, "ana@example.org")
    assert (address.primary, address.verified) == (True, False)


def test_open_account_of_a_known_address_gives_the_account_as_it_is():
    known = make_user("ana@example.org", language="ht")

    user = open_account(email="ANA@example.org", language="es")

    assert (user, user.language) == (known, "ht")
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_open_account_twice_at_once_is_one_account():
    outcomes = at_once([lambda: open_account(email="ana@example.org", language="es")] * 5)

    assert outcomes == [User.objects.get()] * 5
    assert EmailAddress.objects.count() == 1


def test_make_recovery_codes_are_eight_that_only_the_sheet_shows(applicant):
    codes = make_recovery_codes(user=applicant)

    assert len(set(codes)) == RecoveryCode.objects.count() == 8
    assert all(re.fullmatch(r"[2-9A-Y]{4}(-[2-9A-Y]{4}){2}", code) for code in codes)
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code.replace("-", "") in kept for code in codes)
    event = Event.objects.get()
    assert (event.verb, event.by, event.note) == ("recovery_printed", applicant, "")


def test_make_recovery_codes_again_ends_the_old_ones(applicant):
    (old, *_rest) = make_recovery_codes(user=applicant)
    (new, *_rest) = make_recovery_codes(user=applicant)

    with pytest.raises(RecoveryRefused):
        use_recovery_code(email=applicant.email, code=old)

    assert use_recovery_code(email=applicant.email, code=new) == applicant


def test_use_recovery_code_works_once(applicant, clock):
    code, *_rest = make_recovery_codes(user=applicant)

    assert use_recovery_code(email=applicant.email, code=code) == applicant

    with pytest.raises(RecoveryRefused):
        use_recovery_code(email=applicant.email, code=code)
    assert RecoveryCode.objects.get(used_at=clock.at).user == applicant
    assert Event.objects.filter(verb="recovery_used", by=applicant).count() == 1


def test_use_recovery_code_as_people_type_it(applicant):
    code, *_rest = make_recovery_codes(user=applicant)

    typed = f" {code.lower().replace('-', ' ')} "

    assert use_recovery_code(email=f" {applicant.email.upper()} ", code=typed) == applicant


def test_use_recovery_code_printed_before_the_key_was_changed(applicant, settings):
    code, other, *_rest = make_recovery_codes(user=applicant)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-that-nobody-here-knows"

    settings.SECRET_KEY_FALLBACKS = ["an-older-one", before]
    assert use_recovery_code(email=applicant.email, code=code) == applicant

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(RecoveryRefused):
        use_recovery_code(email=applicant.email, code=other)


def test_use_recovery_code_of_somebody_else_is_refused(applicant):
    code, *_rest = make_recovery_codes(user=make_user())

    with pytest.raises(RecoveryRefused):
        use_recovery_code(email=applicant.email, code=code)


@pytest.mark.parametrize("code", ["", "2222-2222-2222", "é" * 12])
def test_use_recovery_code_that_was_never_made_is_refused(applicant, code):
    with pytest.raises(RecoveryRefused):
        use_recovery_code(email=applicant.email, code=code)


def test_use_recovery_code_of_an_officer_is_refused():
    officer = make_officer()
    code, *_rest = make_recovery_codes(user=officer)

    with pytest.raises(RecoveryRefused):
        use_recovery_code(email=officer.email, code=code)


def test_use_recovery_code_of_a_closed_account_is_refused():
    user = make_user(is_active=False)
    code, *_rest = make_recovery_codes(user=user)

    with pytest.raises(RecoveryRefused):
        use_recovery_code(email=user.email, code=code)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_use_recovery_code_twice_at_once_works_once():
    user = make_user()
    code, *_rest = make_recovery_codes(user=user)

    outcomes = at_once([lambda: use_recovery_code(email=user.email, code=code)] * 4)

    assert kinds(outcomes) == ["RecoveryRefused"] * 3 + ["ok"]


def asked_for(days, **values):
    """An account whose address asked for a code that many days ago."""
    joined = the_clock.now() - timedelta(days=days)
    return make_user(**{"last_login": None, "date_joined": joined} | values)


def test_purge_forgets_old_addresses_that_never_signed_in():
    unused = asked_for(days=3)

    purge_unused()

    assert not User.objects.filter(pk=unused.pk).exists()
    assert not EmailAddress.objects.exists()


def test_purge_keeps_everyone_else(clock):
    kept = [
        asked_for(days=1),
        asked_for(days=3, last_login=clock.at),
        asked_for(days=3, is_staff=True),
        make_registration(asked_for(days=3)).owner,
    ]

    assert purge_unused_accounts(older_than=clock.at - timedelta(days=2)) == 0

    assert set(User.objects.all()) == set(kept)
