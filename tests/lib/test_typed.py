from datetime import timedelta
from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict

from cbpone.lib.typed import MOST_TYPED, as_data, as_typed, is_old
from cbpone.lib.us import clean_zip


def posted(text: str) -> QueryDict:
    return QueryDict(text, mutable=True)


def test_typed_text_comes_back_as_a_form_expects_it():
    post = posted("name=Ana&spoken=es&spoken=ht&csrfmiddlewaretoken=x&return=check")

    typed = as_typed(post)

    assert typed == {"name": ["Ana"], "spoken": ["es", "ht"]}
    assert as_data(typed).getlist("spoken") == ["es", "ht"]


def test_typed_leaves_out_what_must_not_be_kept():
    assert as_typed(posted("ssn=123456780&name=Ana"), leave_out=("ssn",)) == {"name": ["Ana"]}


def test_typed_drops_signs_the_database_refuses():
    assert as_typed(posted("name=A%00na")) == {"name": ["Ana"]}


def test_typed_too_much_is_not_kept():
    post = posted("")
    post["name"] = "x" * (MOST_TYPED + 1)

    assert as_typed(post) is None


def test_data_of_the_browser_is_left_as_it_is():
    post = posted("name=Ana")

    assert as_data(post) is post
    assert as_data(None) is None


def test_is_old_after_two_minutes(clock):
    assert not is_old(None)
    assert not is_old(SimpleNamespace(typed_at=clock.at - timedelta(minutes=1)))
    assert is_old(SimpleNamespace(typed_at=clock.at - timedelta(minutes=3)))


@pytest.mark.parametrize("code", ["", "78501", " 78501 ", "78501-1234", "785011234"])
def test_zip_code_is_read(code):
    assert clean_zip(code) == code.strip()


@pytest.mark.parametrize("code", ["３３１３７", "٣٣١٣٧"])
def test_zip_code_in_other_digits_is_the_same(code):
    assert clean_zip(code) == "33137"


@pytest.mark.parametrize("code", ["7850", "ABCDE", "785011"])
def test_zip_code_that_is_none_is_told_so(code):
    with pytest.raises(forms.ValidationError, match="5 digits"):
        clean_zip(code)
