"""Takes the pictures in docs/screens from a running demo: `python -m tests.browser.screens`.

Needs `make run` in another window; SITE_URL says where it is.
"""

import os
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
]


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
    else:
        page.goto(SITE + where)


def take(browser, who, visits):
    context = browser.new_context(viewport={"width": PHONE, "height": 740})
    page = context.new_page()
    if who:
        steps.sign_in(page, SITE, who, read_code(page))
        page.wait_for_load_state()
    for _who, where, name, widths in visits:
        for width in widths:
            page.set_viewport_size({"width": width, "height": 740 if width == PHONE else 900})
            go(page, where)
            size = "phone" if width == PHONE else "desk"
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}-{size}.png", full_page=width == PHONE)
    context.close()


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        for who in dict.fromkeys(visit[0] for visit in VISITS):
            take(browser, who, [visit for visit in VISITS if visit[0] == who])
        browser.close()


if __name__ == "__main__":
    main()
