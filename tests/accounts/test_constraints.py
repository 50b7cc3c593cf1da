import pytest

from cbpone.accounts.models import User
from tests.breaking import check_refuses
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def same_address_in_capitals():
    make_user("ana@example.org")
    User.objects.create(email="ANA@example.org")


BREAKS = [("user_email_once", same_address_in_capitals)]


@pytest.mark.parametrize(("constraint", "attempt"), BREAKS)
def test_constraint_holds(constraint, attempt):
    check_refuses(constraint, attempt)
