"""What allauth and Django do to an account, put on record."""

from cbpone.audit.log import record
from cbpone.audit.verbs import Verb


def put_signed_out_on_record(sender, request, user, **kwargs):
    if user:
        record(Verb.SIGNED_OUT, on=user, by=user)


def put_new_address_on_record(
    sender, request, user, from_email_address, to_email_address, **kwargs
):
    """The first address of an account is no change."""
    if from_email_address:
        note = f"{from_email_address.email} > {to_email_address.email}"
        record(Verb.EMAIL_CHANGED, on=user, by=user, note=note)
