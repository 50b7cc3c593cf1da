"""What a person does on the pages, step by step, as the browser tests and screenshots need it."""

import io
import re

from PIL import Image, ImageDraw

FAMILY = [
    ("Maria Fernanda", "Lopez Garcia", None, ("4", "5", "1990"), "Female"),
    ("Luis", "Lopez", "Child", ("12", "11", "2016"), "Male"),
    ("Suharto", "", "Parent", ("1", "2", "1958"), "Male"),  # one name is a whole name
]


def portrait(seed: int = 0) -> bytes:
    """A drawn face as a phone would send it: a JPEG of some hundred pixels."""
    picture = Image.new("RGB", (600, 800), (200, 210, 220))
    draw = ImageDraw.Draw(picture)
    tone = [(240, 200, 170), (150, 100, 70), (80, 50, 40)][seed % 3]
    draw.ellipse((150, 150, 450, 600), fill=tone)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def press(page, name):
    page.get_by_role("button", name=name).first.click()


def sign_in(page, base, email, read_code):
    page.goto(base + "/accounts/login/")
    sign_in_here(page, email, read_code)


def sign_in_here(page, email, read_code):
    """On the sign-in page: the address, the code from the mail."""
    page.get_by_label("Your e-mail address").fill(email)
    press(page, "Send me a code")
    page.get_by_label("Code from the e-mail").wait_for()
    page.get_by_label("Code from the e-mail").fill(read_code(email))
    press(page, "Sign in")


def code_in(text: str) -> str:
    return re.search(r"\b\d{6}\b", text).group()


def add_family(page, family=FAMILY):
    for given, last, relation, _birth, _sex in family[1:]:
        page.get_by_role("link", name="Add a person").click()
        page.get_by_label("Given names").fill(given)
        page.get_by_label("Surnames").fill(last)
        page.get_by_label(relation, exact=True).check()
        press(page, "Add this person")
    press(page, "Continue")


def fill_person(page, given, last, birth, sex):
    """The five pages of one traveler; ends on the photo page."""
    if page.get_by_label("Given names").count():
        page.get_by_label("Given names").fill(given)
        page.get_by_label("Surnames").fill(last)
        press(page, "Save and continue")
    day, month, year = birth
    page.get_by_label("Day").fill(day)
    page.get_by_label("Month").select_option(month)
    page.get_by_label("Year").fill(year)
    page.get_by_label(sex, exact=True).check()
    page.get_by_label("Town or village of birth").fill("Maracaibo")
    page.get_by_label("Country of birth").select_option("VE")
    press(page, "Save and continue")
    page.get_by_label("Nationality", exact=True).select_option("VE")
    press(page, "Save and continue")
    press(page, "Save and continue")  # a document is optional
    press(page, "Save and continue")  # so is the rest


def send_photo(page, seed=0):
    """With scripts it is looked at before it goes; without, one press sends it."""
    page.get_by_label("Or choose a photo you have").set_input_files(
        {"name": "face.jpg", "mimeType": "image/jpeg", "buffer": portrait(seed)}
    )
    has_scripts = page.locator("html.js").count()
    press(page, "Use this photo" if has_scripts else "Send the photo")


def photo_is_here(page):
    page.get_by_role("heading", name="We have the photo").wait_for()


def fill_rest(page):
    """The pages about the whole family, from contact to the questions of the rule."""
    page.get_by_label("Your phone number").fill("664 123 4567")
    press(page, "Save and continue")
    press(page, "Save and continue")  # nobody to call in an emergency
    page.get_by_label("Spanish").check()
    press(page, "Save and continue")
    page.get_by_label("Town or city").fill("Tijuana")
    press(page, "Save and continue")
    press(page, "Save and continue")  # the journey is optional
    page.get_by_label("No, or not yet").check()
    press(page, "Save and continue")
    page.get_by_label("First choice").select_option(label="San Ysidro (Tijuana)")
    press(page, "Save and continue")
    page.get_by_label("No safe place to live or shelter in Mexico").check()
    press(page, "Save and continue")


def sign(page, name="Maria Fernanda Lopez Garcia"):
    page.get_by_label("Write your name to sign").fill(name)
    page.get_by_label("What I wrote is true as far as I know").check()
    press(page, "Sign for")


def take_session(page, base, client):
    """Carries the sign-in of Django's test client into the browser."""
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": base}])
