from allauth.account.auth_backends import AuthenticationBackend


class PeopleBackend(AuthenticationBackend):
    """Sign-in by code through allauth; nobody signs in with a password."""

    def authenticate(self, request, **credentials):
        return None
