import pytest
from django.core.cache import cache

from cbpone.lib.limits import TooMany, count_try


def test_count_try_refuses_after_the_most():
    for _ in range(3):
        count_try("recover", "ana@example.org", most=3, seconds=60)

    with pytest.raises(TooMany):
        count_try("recover", "ana@example.org", most=3, seconds=60)


def test_count_try_counts_each_key_and_each_thing_apart():
    count_try("recover", "ana@example.org", most=1, seconds=60)

    count_try("recover", "luis@example.org", most=1, seconds=60)
    count_try("check", "ana@example.org", most=1, seconds=60)


def test_count_try_keeps_no_key_that_can_be_read():
    count_try("recover", "ana@example.org", most=1, seconds=60)

    names = cache._cache.get_client(None).scan_iter()
    assert not [name for name in names if b"ana" in name]
