from datetime import date

import pytest
from django import forms

from cbpone.lib.forms import AskingForm, DateField, PhoneField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+52 664 123 4567", "+526641234567"),
        ("+52 (664) 123-45-67", "+526641234567"),
        ("6641234567", "+526641234567"),
        ("664 123 45 67", "+526641234567"),
        ("00 1 619 555 0100", "+16195550100"),
        ("0015095550100", "+15095550100"),
        ("+509 34 56 7890", "+50934567890"),
        ("  +1-619-555-0100 ", "+16195550100"),
    ],
)
def test_phone_is_kept_as_plus_and_digits(typed, kept):
    assert PhoneField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed", ["12", "664123456", "66412345678", "+123", "+1234567890123456", "call me"]
)
def test_phone_that_can_not_be_one_is_refused(typed):
    with pytest.raises(forms.ValidationError, match="country code"):
        PhoneField().clean(typed)


def test_phone_of_ten_digits_is_of_the_home_country():
    assert PhoneField(home="+1").clean("619 555 0100") == "+16195550100"


def test_phone_left_empty_is_empty_when_it_may():
    assert PhoneField(required=False).clean("  ") == ""


def clean_date(*parts, required=True):
    return DateField(required=required).clean(list(parts))


def test_date_of_three_parts_is_the_day():
    assert clean_date("3", "4", "1990") == date(1990, 4, 3)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("31", "2", "1990"), "invalid"),
        (("29", "2", "2023"), "invalid"),
        (("0", "1", "1990"), "invalid"),
        (("1", "13", "1990"), "invalid"),
        (("a", "1", "1990"), "invalid"),
        (("1", "1", "99999"), "invalid"),
        (("1", "1", "9" * 30), "invalid"),
        (("9" * 30, "1", "1990"), "invalid"),
        (("-1", "1", "1990"), "invalid"),
        (("", "1", "1990"), "required"),
        (("1", "", ""), "required"),
        (("", "", ""), "required"),
    ],
)
def test_date_that_is_no_day_is_refused(parts, code):
    with pytest.raises(forms.ValidationError) as error:
        clean_date(*parts)

    wanted = str(DateField.default_error_messages[code])
    assert error.value.messages == [wanted]


def test_date_left_empty_is_none_when_it_may():
    assert clean_date("", "", "", required=False) is None


def test_date_begun_and_not_ended_is_refused_even_when_it_may_be_empty():
    with pytest.raises(forms.ValidationError, match="the day, the month and the year"):
        clean_date("3", "", "1990", required=False)


def test_date_is_shown_in_its_parts():
    widget = DateField().widget

    assert widget.decompress(date(1990, 4, 3)) == [3, 4, 1990]
    assert widget.decompress(None) == [None, None, None]


class Asking(AskingForm, forms.Form):
    name = forms.CharField()
    note = forms.CharField(help_text="Short.")
    needed = ("name",)
    whys = {"name": "So that we can call you.", "note": "In case."}


def test_asking_form_requires_only_what_is_needed():
    form = Asking({"name": "Ana"})

    assert form.is_valid()
    assert not form.fields["note"].required


def test_asking_form_says_why_with_the_field():
    form = Asking()

    assert form["name"].why == "So that we can call you."
    assert form["name"].aria_describedby == form["name"].auto_id + "_helptext"


class Plain(AskingForm, forms.Form):
    email = forms.EmailField()
    people = forms.IntegerField()
    way = forms.ChoiceField(choices=[("a", "A")])
    agrees = forms.BooleanField()
    phone = PhoneField(home="+1")
    needed = ("email", "people", "way", "agrees", "phone")


def test_empty_answers_are_asked_for_by_their_kind():
    form = Plain({})

    assert [error for field in form for error in field.errors] == [
        "Write an answer here.",
        "Write a number here.",
        "Choose one.",
        "Tick this box to go on.",
        "Enter the phone number.",
    ]


def test_broken_address_and_number_are_shown_by_an_example():
    form = Plain({"email": "maria@", "people": "1", "way": "a", "agrees": "on", "phone": "12"})

    assert form.errors == {
        "email": ["Enter a whole address, as in maria@example.com."],
        "phone": ["Enter the number with + and the country code, as in +1 305 555 0134."],
    }
