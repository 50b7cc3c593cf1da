"""Which kind of browser sent a photo: one word, and nothing else of what it says of itself."""

from cbpone.photos.statuses import Browser

# The first that fits: nearly all of them also claim to be Chrome and Safari.
MARKS = [
    (Browser.IN_APP, ("FBAN", "FBAV", "FB_IAB", "Instagram", "WhatsApp", "; wv)", "Line/",
                      "MicroMessenger", "musical_ly", "BytedanceWebview", "Snapchat")),
    (Browser.EDGE, ("Edg/", "EdgA/", "EdgiOS/")),
    (Browser.OPERA, ("OPR/", "OPT/", "OPX/", "Opera")),
    (Browser.SAMSUNG, ("SamsungBrowser/",)),
    (Browser.FIREFOX, ("Firefox/", "FxiOS/")),
    (Browser.CHROME, ("Chrome/", "CriOS/", "Chromium/")),
    (Browser.SAFARI, ("Safari/",)),
]  # fmt: skip


def browser_of(user_agent: str) -> Browser:
    for browser, marks in MARKS:
        if any(mark in user_agent for mark in marks):
            return browser
    return Browser.OTHER
