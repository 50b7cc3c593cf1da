"""Every page of a request and of a case: its title and its form."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Question:
    """`of` names the row the form writes: request, supporter, beneficiary, written, traveler or
    attestation; "" for a form that is given the case itself."""

    key: str
    title: Promise
    form: type
    of: str = ""
    optional: bool = False
    intro: str | Promise = ""
