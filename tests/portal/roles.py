"""Who there is, and what an answer means to them."""

ROLES = ["nobody", "owner", "stranger", "officer", "other_officer", "supervisor", "auditor"]
SIGN_IN, PAGE, MOVED, FORBIDDEN, NOTHING, METHOD = "sign in", 200, 302, 403, 404, 405


def answer(response):
    if response.status_code == 302 and response.url.startswith("/accounts/login/?next="):
        return SIGN_IN
    return response.status_code
