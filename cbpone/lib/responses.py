from django.http.response import HttpResponseRedirectBase


class SeeOther(HttpResponseRedirectBase):
    """Read another page now; whatever was posted is not posted there again."""

    status_code = 303
