import pytest

from cbpone.photos.browsers import browser_of

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A145M) AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
SEEN = [
    (f"{PHONE} Chrome/131.0.0.0 Mobile Safari/537.36", "chrome"),
    (f"{APPLE} (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1", "chrome"),
    (f"{APPLE} (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "safari"),
    (f"{PHONE} SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36", "samsung"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "firefox"),
    (f"{APPLE} (KHTML, like Gecko) FxiOS/132.0 Mobile/15E148 Safari/605.1.15", "firefox"),
    ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "edge"),
    (f"{PHONE} Chrome/130.0 Mobile Safari/537.36 OPR/86.0", "opera"),
    (f"{PHONE} Version/4.0 Chrome/131.0 Mobile Safari/537.36 [FBAN/EMA;FBAV/437.0]", "in_app"),
    (f"{PHONE.replace(')', '; wv)', 1)} Version/4.0 Chrome/131.0 Mobile Safari/537.36", "in_app"),
    ("curl/8.5", "other"),
    ("", "other"),
]


@pytest.mark.parametrize(("said", "browser"), SEEN)
def test_browser_is_one_word(said, browser):
    assert browser_of(said) == browser
