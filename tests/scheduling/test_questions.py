"""Every question says why it is asked, and marks what may stay empty."""

import pytest

from scheduling.forms.person import PersonForm
from scheduling.questions import FAMILY, PERSON
from tests.factories import make_registration

PAGES = [(question.key, question.form) for question in [*PERSON.values(), *FAMILY.values()]]


def build(form, registration):
    if hasattr(form, "_meta"):
        return form()
    return form(registration=registration)


@pytest.mark.parametrize(("key", "form"), [*PAGES, ("people/add", PersonForm)])
def test_each_question_says_why_it_is_asked(db, key, form):
    asked = build(form, make_registration(signed=False))

    assert [name for name, field in asked.fields.items() if not field.why] == []


@pytest.mark.parametrize("key", [key for key, _form in PAGES])
def test_each_optional_question_says_so(client, applicant, key):
    client.force_login(applicant)
    mine = make_registration(applicant, signed=False)
    person = mine.members.get(position=1).traveler.reference
    url = f"/registration/people/{person}/{key}/" if key in PERSON else f"/registration/{key}/"
    form = build({**PERSON, **FAMILY}[key].form, mine)
    free = [f for f in form.fields.values() if not f.required and not f.one_of]

    page = client.get(url).content.decode()

    assert page.count("(optional)") == len(free)
    assert page.count("Why we ask:") + page.count('<p class="hint">') >= len(form.fields)
