"""What makes a request findable by others: written once after filing, before anybody compares."""

from parole.addresses import address_key
from parole.choices import Lives
from parole.flagging.texts import shingles_of_plan
from parole.models import Supporter, SupportRequest
from parole.similar import bands_of


def write_keys(request: SupportRequest) -> None:
    """The address keys and the bands of the text, where they differ from what is stored."""
    supporter = request.supporter
    home = address_key(supporter.street, supporter.zip)
    if supporter.address_key != home:
        Supporter.objects.filter(pk=supporter.pk).update(address_key=home)
        supporter.address_key = home
    elsewhere = request.lives == Lives.ELSEWHERE
    values = {
        "housing_key": address_key(request.housing_street, request.housing_zip)
        if elsewhere
        else "",
        "text_bands": bands_of(shingles_of_plan(request)),
    }
    if any(getattr(request, name) != value for name, value in values.items()):
        SupportRequest.objects.filter(pk=request.pk).update(**values)
        for name, value in values.items():
            setattr(request, name, value)
