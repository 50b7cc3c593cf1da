from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A rule said no for a reason a person can be told.

    `sentence` is translated when shown, with `values` filled in; `code` is for tests and logs.
    """

    code = "refused"
    sentence = _("That cannot be done.")

    def __init__(self, **values):
        self.values = values
        super().__init__(self.code)

    def __str__(self):
        return str(self.sentence) % self.values if self.values else str(self.sentence)


class NotAllowed(Refused):
    code = "not_allowed"
    sentence = _("Your account is not allowed to do this.")


class MovedOn(Refused):
    code = "moved_on"
    sentence = _("This has changed since you opened the page. Look at it again, then decide.")
