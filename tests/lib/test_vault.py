import pytest
from cryptography.fernet import InvalidToken

from cbpone.lib.vault import digest, seal, unseal


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.FIELD_KEYS = ["old"]


def test_seal_hides_the_number_and_gives_it_back():
    sealed = seal("123456780")

    assert b"123456780" not in sealed
    assert unseal(memoryview(sealed)) == "123456780"


def test_seal_is_never_the_same_twice_but_the_digest_is():
    assert seal("123456780") != seal("123456780")
    assert digest("123456780") == digest("123456780")
    assert len(digest("123456780")) == 64


def test_digest_of_another_number_is_another():
    assert digest("123456780") != digest("123456781")


def test_nothing_stays_nothing():
    assert (seal(""), unseal(b""), digest("")) == (b"", "", "")


def test_new_key_in_front_reads_and_finds_what_the_old_one_kept(settings):
    sealed, known = seal("123456780"), digest("123456780")

    settings.FIELD_KEYS = ["new", "old"]

    assert unseal(sealed) == "123456780"
    assert digest("123456780") == known


def test_dropped_key_makes_what_it_sealed_unreadable(settings):
    sealed = seal("123456780")

    settings.FIELD_KEYS = ["new"]

    with pytest.raises(InvalidToken):
        unseal(sealed)
