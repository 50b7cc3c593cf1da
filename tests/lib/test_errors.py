from cbpone.lib.errors import NotAllowed, Refused


class TooSmall(Refused):
    code = "too_small"
    sentence = "%(n)s is too small."


def test_refusal_is_its_sentence_with_the_values():
    assert str(TooSmall(n=3)) == "3 is too small."


def test_refusal_without_values_is_the_sentence():
    assert str(NotAllowed()) == "Your account is not allowed to do this."


def test_refusal_has_its_code_for_logs():
    assert TooSmall(n=3).args == ("too_small",)
