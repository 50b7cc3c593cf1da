class OfTraveler:
    """For rows with a `traveler`: the case the person has, and who is told about it."""

    @property
    def registration(self):
        """Of the family the person travels with, if they ask for an appointment."""
        member = getattr(self.traveler, "member", None)
        return member.registration if member else None

    @property
    def beneficiary(self):
        """The case of the person, if they are to travel by parole."""
        return getattr(self.traveler, "beneficiary", None)

    @property
    def about(self):
        """The registration or the case of the person; it carries phone and consent."""
        return self.registration or self.beneficiary

    @property
    def account(self):
        """Who is told about the photo."""
        return self.registration.owner if self.registration else self.beneficiary.user

    @property
    def phone(self) -> str:
        return self.about.phone

    @property
    def text_messages(self) -> bool:
        return self.about.text_messages
