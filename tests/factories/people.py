from datetime import timedelta
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from cbpone.accounts.models import User
from cbpone.accounts.roles import AUDITOR, PORT_OFFICER, SUPERVISOR
from cbpone.lib import clock
from scheduling.models import Post

_numbers = count(1)


def make_user(email="", **values) -> User:
    """An applicant who has proved the e-mail address."""
    email = email or f"person{next(_numbers)}@example.org"
    values = {"language": "en", "last_login": clock.now()} | values
    user = User.objects.create_user(email, **values)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def make_officer(*ports, role=PORT_OFFICER, **values) -> User:
    """An officer of this role, posted to these ports."""
    number = next(_numbers)
    values = {"is_staff": True, "name": f"Officer {number}"} | values
    officer = make_user(values.pop("email", f"officer{number}@example.gov"), **values)
    officer.groups.add(Group.objects.get(name=role))
    since = clock.now().date() - timedelta(days=1)  # at night the day in UTC is tomorrow
    Post.objects.bulk_create(Post(officer=officer, port=port, since=since) for port in ports)
    return officer


def make_supervisor(*ports, **values) -> User:
    return make_officer(*ports, role=SUPERVISOR, **values)


def make_auditor(**values) -> User:
    return make_officer(role=AUDITOR, **values)
