"""Presses at the same moment, from connections of their own."""

import pytest

from cbpone.accounts import keeping
from tests.factories import make_user
from tests.factories.kept import make_kept
from tests.race import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_form_pressed_twice_at_once_is_taken_once():
    kept = make_kept(make_user())

    taken = at_once([lambda: keeping.take(kept)] * 4)

    assert sorted(taken) == [False, False, False, True]
