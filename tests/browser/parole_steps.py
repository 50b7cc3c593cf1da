"""What a supporter, a beneficiary and an officer do on the pages, step by step."""

import re
from datetime import date

from tests.browser import steps

WHO_MAY = {
    "in_us": "yes", "status": "citizen", "nationality": "HT", "outside": "yes", "passport": "yes",
    "second": "no", "entry": "no", "removal": "no", "support": "yes",
}  # fmt: skip
SIGN_AND_FILE = {"undertakes": True, "true": True, "checks": True, "name": "Paul Benoit"}
CASE = {
    "details": {},
    "passport": {},
    "where": {"street": "Rue Capois 12, Port-au-Prince", "country": "HT"},
    "family": {},
    "eligibility": {
        "outside_us": "yes", "passport_valid": "yes", "other_country": "no", "removal_order": "no",
        "irregular_entry": "no", "interdicted": "no", "flies_on_own": "yes",
    },
    "vaccination": {"measles": "done", "polio": "before", "covid": "exception", "tb_agreed": True},
}  # fmt: skip


def fill(page, values: dict) -> None:
    """Answers by the names of the fields, whatever kind each is."""
    for name, value in values.items():
        field = page.locator(f"main [name='{name}']")
        kind = field.first.evaluate("one => one.type || one.tagName.toLowerCase()")
        if kind == "radio":
            page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            field.set_checked(bool(value))
        elif kind.startswith("select"):
            field.select_option(str(value))
        else:
            field.fill(str(value))


def save(page) -> None:
    with page.expect_navigation():
        steps.press(page, "Save and continue")


def answer_pages(page, answers: dict) -> None:
    """Goes where Continue and "Go on with" lead, until everything is answered."""
    left = dict(answers)
    while left:
        found = re.search(r"/pages/(\w+)/", page.url)
        if found and found[1] in left:
            fill(page, left.pop(found[1]))
            save(page)
        elif "/people/" in page.url:
            with page.expect_navigation():
                steps.press(page, "Continue")
        elif found:
            save(page)
        else:
            page.get_by_role("link", name="Go on with:").click()
            page.wait_for_load_state()


def send_file(page, button: str, content: bytes, name="paper.jpg") -> None:
    page.locator("main input[type=file]").last.set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": content}
    )
    with page.expect_navigation():
        steps.press(page, button)


def birth(page, day: date) -> None:
    page.get_by_label("Day").fill(str(day.day))
    page.get_by_label("Month").select_option(str(day.month))
    page.get_by_label("Year").fill(str(day.year))


def links_in(text: str) -> list[str]:
    return re.findall(r"https?://\S+", text)
