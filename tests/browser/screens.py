"""Takes the pictures in docs/screens from a running demo: `python -m tests.browser.screens`.

Needs `make run` in another window; SITE_URL says where it is.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import chromium
from tests.browser import steps

SITE = os.environ.get("SITE_URL", "http://localhost:8000")
FOLDER = Path(os.environ.get("SCREENS", "docs/screens"))
PHONE, DESK = 360, 1280
VISITS = [
    # who, where, name of the picture, widths
    (None, "/", "home", (PHONE, DESK)),
    (None, "/check/", "check", (PHONE,)),
    ("rosa@demo.example", "/case/", "case-draft", (PHONE,)),
    ("rosa@demo.example", "/registration/", "task-list", (PHONE, DESK)),
    ("rosa@demo.example", "/registration/destination/", "question", (PHONE,)),
    ("maria@demo.example", "/case/", "case-ready", (PHONE,)),
    ("maria@demo.example", "/registration/check/", "check-answers", (PHONE,)),
    ("maria@demo.example", "/appointments/book/", "book", (PHONE, DESK)),
    ("jean@demo.example", "/case/", "case-booked", (PHONE, DESK)),
    ("jean@demo.example", "ticket", "ticket", (PHONE, DESK)),
    ("jean@demo.example", "/messages/", "messages", (PHONE,)),
    ("nadia@demo.example", "/case/", "case-no-show", (PHONE,)),
    ("officer.sanysidro@demo.example", "/officers/board/san-ysidro/", "board", (DESK,)),
    ("officer.sanysidro@demo.example", "family", "family", (DESK,)),
    ("supervisor.west@demo.example", "/officers/", "officers", (DESK,)),
    ("supervisor.west@demo.example", "/officers/days/san-ysidro/", "days", (DESK,)),
    ("supervisor.west@demo.example", "/officers/records/", "records", (DESK,)),
    (None, "/support/", "support", (PHONE, DESK)),
    (None, "/support/eligibility/", "eligibility", (PHONE,)),
    (None, "/selections/", "selections", (PHONE, DESK)),
    (None, "selection", "selection", (PHONE, DESK)),
    (None, "/travel/check/", "travel-check", (PHONE,)),
    ("paul@demo.example", "/case/", "supporter-case", (PHONE,)),
    ("paul@demo.example", "/support/requests/", "requests", (PHONE, DESK)),
    ("paul@demo.example", "request Go on", "request-tasks", (PHONE, DESK)),
    ("paul@demo.example", "request wait", "request-line", (PHONE, DESK)),
    ("yolanda@demo.example", "/cases/", "beneficiary-tasks", (PHONE, DESK)),
    ("lovelie@demo.example", "/cases/", "beneficiary-line", (PHONE,)),
    ("lovelie@demo.example", "notice", "notice", (PHONE, DESK)),
    ("carlos@demo.example", "i94", "i94", (PHONE, DESK)),
    ("reviewer@demo.example", "/officers/", "reviewer-home", (DESK,)),
    ("reviewer@demo.example", "/officers/reviews/", "reviews", (DESK,)),
    ("reviewer@demo.example", "review", "review", (DESK,)),
    ("travel@demo.example", "/officers/travel/", "travel", (DESK,)),
    ("travel@demo.example", "travel case", "travel-case", (DESK,)),
    ("parole.supervisor@demo.example", "/officers/caps/", "caps", (DESK,)),
    ("airport@demo.example", "/officers/airport/", "airport", (DESK,)),
    ("officer.sanysidro@demo.example", "/officers/", "officers/home-port", (PHONE, DESK)),
    (
        "officer.sanysidro@demo.example",
        "/officers/board/san-ysidro/",
        "officers/board",
        (PHONE, DESK),
    ),
    ("officer.sanysidro@demo.example", "walk-in new", "officers/walk-in", (PHONE, DESK)),
    ("officer.sanysidro@demo.example", "/officers/queues/urgent/", "officers/urgent", (DESK,)),
    (
        "officer.sanysidro@demo.example",
        "/officers/queues/duplicates/",
        "officers/duplicates",
        (DESK,),
    ),
    ("officer.sanysidro@demo.example", "/officers/conflicts/", "officers/conflicts", (DESK,)),
    ("supervisor.west@demo.example", "/officers/", "officers/home-supervisor", (DESK,)),
    ("supervisor.west@demo.example", "/officers/days/san-ysidro/", "officers/days", (DESK,)),
    ("supervisor.west@demo.example", "/officers/looks/", "officers/looks", (DESK,)),
    ("supervisor.west@demo.example", "/officers/to-many/", "officers/to-many", (DESK,)),
    ("supervisor.west@demo.example", "/officers/exports/", "officers/exports", (DESK,)),
    ("supervisor.west@demo.example", "/officers/bulk/", "officers/bulk", (DESK,)),
    ("photos@demo.example", "photo", "officers/photo", (PHONE, DESK)),
    ("photos@demo.example", "/officers/queues/photos/", "officers/photos", (DESK,)),
    ("numbers@demo.example", "/officers/numbers/", "officers/numbers", (PHONE, DESK)),
    ("helpdesk@demo.example", "/officers/help/", "officers/help", (DESK,)),
    ("auditor@demo.example", "/officers/log/", "officers/log", (DESK,)),
    ("auditor@demo.example", "/officers/", "officers/home-auditor", (DESK,)),
    ("parole.supervisor@demo.example", "/officers/", "officers/home-parole", (DESK,)),
    ("parole.supervisor@demo.example", "/officers/reviews/", "officers/reviews", (DESK,)),
]


# Where to begin, and which links to follow from there.
STEPS = {
    "selection": ("/selections/", "main a[href^='/selections/2']"),
    "request Go on": ("/support/requests/", "main a[href*='/support/requests/S-']"),
    "request wait": ("/support/requests/", "li:has-text('waiting') a[href*='/requests/S-']"),
    "notice": ("/cases/", "a[href$='/authorization/']"),
    "i94": ("/cases/", "a[href$='/i94/']"),
    "review": ("/officers/parole/supportrequest/", "#result_list tbody th a"),
    "travel case": (
        "/officers/parole/beneficiary/?status__exact=ata_pending",
        "#result_list tbody th a",
    ),
}


def read_code(page):
    def read(address):
        box = page.context.new_page()
        box.goto(SITE + "/demo/mail/")
        box.locator("li", has_text=address).get_by_role("link").first.click()
        code = steps.code_in(box.locator("main").inner_text())
        box.close()
        return code

    return read


def go(page, where):
    if where == "ticket":
        page.goto(SITE + "/case/")
        page.locator("a[href*='/appointments/A-']").first.click()
    elif where == "family":
        page.goto(SITE + "/officers/board/san-ysidro/")
        page.locator("td a[href*='/officers/appointments/']").first.click()
    elif where == "walk-in new":
        page.goto(SITE + "/officers/board/san-ysidro/walk-ins/new/")
    elif where == "photo":
        page.goto(SITE + "/officers/queues/photos/")
        page.get_by_role("button", name=re.compile("Take the next one|Go on with")).first.click()
        page.wait_for_load_state()
    elif where in STEPS:
        start, *links = STEPS[where]
        page.goto(SITE + start)
        for link in links:
            page.locator(link).first.click()
    else:
        page.goto(SITE + where)


def take(browser, who, visits):
    context = browser.new_context(viewport={"width": PHONE, "height": 740})
    page = context.new_page()
    if who:
        steps.sign_in(page, SITE, who, read_code(page))
        page.wait_for_load_state()
    for _who, where, name, widths in visits:
        if os.environ.get("ONLY", "") not in name:
            continue
        for width in widths:
            page.set_viewport_size({"width": width, "height": 740 if width == PHONE else 900})
            go(page, where)
            size = "phone" if width == PHONE else "desk"
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}-{size}.png", full_page=width == PHONE)
    context.close()


def main():
    FOLDER.joinpath("officers").mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        for who in dict.fromkeys(visit[0] for visit in VISITS):
            take(browser, who, [visit for visit in VISITS if visit[0] == who])
        browser.close()


if __name__ == "__main__":
    main()
