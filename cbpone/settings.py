"""Settings, all read from the environment; production is the default, the demo switches things on.

| name | meaning |
|---|---|
| CBPONE_DEMO=1 | demo: sample data, mail readable in the browser, plain http |
| DATABASE_URL, REDIS_URL | servers to use; a missing one is started from its wheel |
| SECRET_KEY | required, except in the demo, where the launcher makes one |
| FIELD_KEYS | required, except in the demo: seal numbers such as SSNs; newest first, none dropped |
| PHOTO_FACE_MODEL | file of the face detector; without it photos are not checked by machine |
| SITE_URL | address people reach the portal at, used in messages and QR codes |
"""

import sys
from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from cbpone import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEMO = env.bool("CBPONE_DEMO", default=False)
TESTING = env.bool("CBPONE_TESTING", default=False)
HOME = Path(env.str("CBPONE_HOME", default=str(BASE_DIR / ".data"))).resolve()
DEBUG = False
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SECURE_SITE = SITE_URL.startswith("https://")


def read_secret_key() -> str:
    key = env.str("SECRET_KEY", default="")
    kept = HOME / "secret_key"
    if not key and kept.exists():
        key = kept.read_text().strip()
    if not key and (DEMO or TESTING):
        key = "for-tests-and-demo-commands-only-never-for-real-people"
    if not key:
        raise ImproperlyConfigured("Set SECRET_KEY to a long random text.")
    return key


SECRET_KEY = read_secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])


def read_field_keys() -> list[str]:
    keys = env.list("FIELD_KEYS", default=[])
    kept = HOME / "field_keys"
    if not keys and kept.exists():
        keys = [kept.read_text().strip()]
    if not keys and (DEMO or TESTING):
        keys = [SECRET_KEY]
    if not keys:
        raise ImproperlyConfigured("Set FIELD_KEYS to one long random text, or several.")
    return keys


FIELD_KEYS = read_field_keys()
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if not SECURE_SITE else []
)
if SECURE_SITE and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = [SITE_URL.removeprefix("https://").split("/")[0].split(":")[0]]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SECURE_SITE else []

INSTALLED_APPS = [
    "officers",
    "parole",
    "scheduling",
    "cbpone.portal",
    "cbpone.photos",
    "cbpone.travelers",
    "cbpone.notifications",
    "cbpone.audit",
    "cbpone.accounts",
    "cbpone.demo",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "pgtrigger",
    "csp",
    "django_countries",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "cbpone.portal.middleware.response_headers",
    "cbpone.portal.middleware.no_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cbpone.accounts.middleware.sliding_session",
    "cbpone.accounts.middleware.LoginWall",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cbpone.accounts.middleware.KeptForms",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "cbpone.urls"
WSGI_APPLICATION = "cbpone.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cbpone.portal.context.portal",
            ]
        },
    }
]

# --- Stores -------------------------------------------------------------------------------
_engines = embedded.urls()
DATABASES = {"default": env.db_url_config(_engines.database_url)}
DATABASES["default"] |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {})["application_name"] = "cbpone"
if DATABASE_POOL := env.int("DATABASE_POOL", default=0):  # connections of one web process at most
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps them
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 2,
        "max_size": DATABASE_POOL,
        "timeout": 10,
    }
REDIS_URL = _engines.redis_url
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cbpone",
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = HOME / "media"  # stays empty: nothing people sent lies where files are served from
PRIVATE = {} if TESTING else {"location": HOME / "private"}  # tests move MEDIA_ROOT instead
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": PRIVATE},
    # Photos and papers.
    "sealed": {"BACKEND": "cbpone.lib.sealed_files.SealedStorage", "OPTIONS": PRIVATE},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "cbpone.photos.uploads.TooLargeHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 2  # a photo from the camera or from the shelf, or one paper
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_MAX_AGE = 3600

# --- People and sessions ------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["cbpone.accounts.backends.PeopleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:my_case"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = int(timedelta(hours=20).total_seconds())
OFFICER_IDLE_MINUTES = env.int("OFFICER_IDLE_MINUTES", default=30)
SESSION_TOUCH_SECONDS = 300
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SITE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "cbpone.portal.views.csrf_failure"

ACCOUNT_ADAPTER = "cbpone.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "cbpone.accounts.forms.EnterForm",
    "confirm_login_code": "cbpone.accounts.forms.CodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE_SITE else "http"
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# A shelter's people share one address, so an address is counted generously, a person strictly.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "300/m/ip,6/10m/key",
    "login_failed": "100/m/ip,10/10m/key",
    "confirm_email": "3/3m/key",
    "change_email": "10/h/user",
}

# --- Languages and time -------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

# --- Headers ------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked from inside, over plain http
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SITE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# --- Mail and text messages ---------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CBP One Portal <portal@localhost>")
DEMO_MAIL_DIR = HOME / "mail"
if DEMO:
    EMAIL_BACKEND = "cbpone.notifications.backends.DemoMailBackend"
else:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10
SMS_BACKEND = env.str("SMS_BACKEND", default="cbpone.notifications.sms.ConsoleBackend")

# --- Scheduling ---------------------------------------------------------------------------
RELEASE_DAYS_AHEAD = env.int("RELEASE_DAYS_AHEAD", default=14)
RELEASE_HOUR = env.int("RELEASE_HOUR", default=11)
# "port" for the port's own clock, or one zone for all, such as America/New_York.
RELEASE_ZONE = env.str("RELEASE_ZONE", default="America/New_York")
PLACE_RETURN_DELAY_MINUTES = env.int("PLACE_RETURN_DELAY_MINUTES", default=30)
ARRIVAL_GRACE_MINUTES = env.int("ARRIVAL_GRACE_MINUTES", default=120)
BOOKING_CLOSES_HOURS = env.int("BOOKING_CLOSES_HOURS", default=2)
FAMILY_MOST_PEOPLE = 10

# --- Photos -------------------------------------------------------------------------------
# The detector file (YuNet 2023mar). Without it photos are not checked by machine.
PHOTO_FACE_MODEL = env.str("PHOTO_FACE_MODEL", default="")
UPLOAD_TICKET_DAYS = env.int("UPLOAD_TICKET_DAYS", default=7)  # a phone may be off for long
PHONE_LINK_MINUTES = env.int("PHONE_LINK_MINUTES", default=60)
PHOTO_KEEP_REPLACED_DAYS = env.int("PHOTO_KEEP_REPLACED_DAYS", default=90)
PHOTO_KEEP_ENDED_DAYS = env.int("PHOTO_KEEP_ENDED_DAYS", default=365)

# --- Officers' work ------------------------------------------------------------------------
ACCESS_HOURS = env.int("ACCESS_HOURS", default=8)  # a look outside the scope stays open this long
EXPORT_HOURS = env.int("EXPORT_HOURS", default=24)  # the file of an export is kept this long
# From when on work counts as late; shown on every queue, enforced nowhere.
TARGET_HOURS = {
    "photos": env.int("TARGET_PHOTOS_HOURS", default=24),
    "urgent": env.int("TARGET_URGENT_HOURS", default=4),
    "duplicates": env.int("TARGET_DUPLICATES_HOURS", default=72),
    "reviews": env.int("TARGET_REVIEWS_HOURS", default=240),
    "travel": env.int("TARGET_TRAVEL_HOURS", default=120),
}

# --- Parole -------------------------------------------------------------------------------
# Months, days and validity of the parole processes are those of the office that reports them.
PAROLE_ZONE = env.str("PAROLE_ZONE", default="America/New_York")
PAROLE_MONTHLY_CAP = env.int("PAROLE_MONTHLY_CAP", default=30_000)  # DHS, 5 January 2023
PAROLE_MONTHLY_QUOTA = env.int("PAROLE_MONTHLY_QUOTA", default=30_000)
SELECTION_HOUR = env.int("SELECTION_HOUR", default=6)
ANSWER_DAYS = env.int("ANSWER_DAYS", default=30)  # to answer a request for more information
# From how many on a flag points at it. Measured on the demo: docs/flags.md.
FLAG_SERIAL_REQUESTS = env.int("FLAG_SERIAL_REQUESTS", default=6)
FLAG_ADDRESS_SUPPORTERS = env.int("FLAG_ADDRESS_SUPPORTERS", default=4)
FLAG_PHONE_SUPPORTERS = env.int("FLAG_PHONE_SUPPORTERS", default=3)
FLAG_PHONE_SURNAMES = env.int("FLAG_PHONE_SURNAMES", default=4)
FLAG_EMAIL_PEOPLE = env.int("FLAG_EMAIL_PEOPLE", default=4)
FLAG_IP_REQUESTS = env.int("FLAG_IP_REQUESTS", default=10)
FLAG_TEXT_PERCENT = env.int("FLAG_TEXT_PERCENT", default=80)
FLAG_PEOPLE_A_BEDROOM = env.int("FLAG_PEOPLE_A_BEDROOM", default=4)

# --- Jobs ---------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    # Opens what is due; every five minutes so that days missed are caught up soon after a stop.
    "release_slots": {"task": "scheduling.release_slots", "schedule": 300.0},
    # Places of cancelled appointments come back once their delay is over.
    "return_places": {"task": "scheduling.return_places", "schedule": 60.0},
    # People who did not come, after the grace time; they keep their seniority.
    "sweep_no_shows": {"task": "scheduling.sweep_no_shows", "schedule": 300.0},
    # Reminds people two days before.
    "remind": {"task": "scheduling.remind", "schedule": 900.0},
    # Whatever the prompt run after each commit has missed.
    "send_messages": {"task": "notifications.send_messages", "schedule": 10.0},
    # Looks at what was filed, flags what a person should look at, and puts it into the pool.
    "sort_requests": {"task": "parole.sort_requests", "schedule": 60.0},
    # Opens the month that has begun and closes the numbers of the one before; once.
    "roll_month": {"task": "parole.roll_month", "schedule": 600.0},
    # Commits to tomorrow's seed, and chooses the day's requests once after SELECTION_HOUR.
    "select_cases": {"task": "parole.select_cases", "schedule": 600.0},
    # Authorizations that ran out, and reminders about what is coming.
    "expire_authorizations": {"task": "parole.expire_authorizations", "schedule": 3600.0},
    "remind_travelers": {"task": "parole.remind_travelers", "schedule": 3600.0},
    # Counts every cap again from its authorizations and reports a difference.
    "recount_caps": {"task": "parole.recount_caps", "schedule": 86_400.0},
    # Counts every slot again from its appointments and reports a difference.
    "recount_slots": {"task": "scheduling.recount_slots", "schedule": 86_400.0},
    # Queues messages to many that were released or taken back.
    "queue_mass_messages": {"task": "officers.queue_mass_messages", "schedule": 15.0},
    # Bulk actions and exports that nobody works on, as after a stop; new ones begin at once.
    "run_bulk": {"task": "officers.run_bulk", "schedule": 60.0},
    "make_export": {"task": "officers.make_export", "schedule": 60.0},
    # Files of exports whose time is over.
    "purge_exports": {"task": "officers.purge_exports", "schedule": 3600.0},
    # Compares who has changed since the last look with everybody else.
    "find_duplicates": {"task": "officers.find_duplicates", "schedule": 600.0},
    # Closes the part of the log that can no longer change.
    "seal_log": {"task": "audit.seal_log", "schedule": 60.0},
    # Photos that are all here but not opened yet, as after a crash or a busy minute.
    "finish_uploads": {"task": "photos.finish_uploads", "schedule": 60.0},
    # Photos that never arrived whole, and links whose hour is over.
    "purge_uploads": {"task": "photos.purge_uploads", "schedule": 3600.0},
    # Counts photos by group for the public numbers; and groups that fare otherwise, once a day.
    "count_photos": {"task": "officers.count_photos", "schedule": 3600.0},
    "watch_photos": {"task": "officers.watch_photos", "schedule": 86_400.0},
    # Photos whose time is over are removed; that they were there stays on record.
    "forget_photos": {"task": "photos.forget_photos", "schedule": 86_400.0},
    # Accounts that were asked for and never signed in.
    "purge_unused_accounts": {"task": "accounts.purge_unused", "schedule": 86_400.0},
    # What was typed when the sign-in had ended, and was not sent within a week.
    "purge_kept_forms": {"task": "accounts.purge_kept", "schedule": 3600.0},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING" if "pytest" in sys.modules else "INFO"},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
# auth.W004: e-mail is unique by a constraint on its lower-case form, which is stricter.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
PORTAL_NAME = _("CBP One Portal")
