import pytest

from cbpone.lib import qr
from cbpone.lib.seals import is_ours, signature_of


def test_signature_is_ours_in_either_case():
    signature = signature_of("ticket", "A-7K4M-92QX")

    assert is_ours("ticket", "A-7K4M-92QX", signature)
    assert is_ours("ticket", "A-7K4M-92QX", signature.lower())
    assert len(signature) == 16


@pytest.mark.parametrize("signature", ["", "A" * 16, "Ä" * 16])
def test_signature_of_nobody_is_not_ours(signature):
    assert not is_ours("ticket", "A-7K4M-92QX", signature)


def test_signature_for_one_purpose_is_none_for_another():
    signature = signature_of("ticket", "A-7K4M-92QX")

    assert not is_ours("invitation", "A-7K4M-92QX", signature)


def test_signature_of_a_replaced_key_is_still_ours(settings):
    signature = signature_of("ticket", "A-7K4M-92QX")

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"

    assert is_ours("ticket", "A-7K4M-92QX", signature)


def test_qr_code_is_called_by_its_label():
    drawn = qr.svg("https://portal.example/check/", 'Code of "A"')

    assert 'role="img" aria-label="Code of &quot;A&quot;"' in drawn
    assert drawn.count("<svg") == 1
