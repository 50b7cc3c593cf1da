"""Opening and pressing what the review pages have."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

QUEUE = "/officers/reviews/"


def page_of(case, verb="") -> str:
    return f"{QUEUE}{case.reference}/{verb and verb + '/'}"


def get(client, user, url) -> str:
    client.force_login(user)
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def post(client, user, url, **typed):
    client.force_login(user)
    return client.post(url, typed)


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)
