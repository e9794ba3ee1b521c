"""Settings, read from the environment (and from .env where there is one); .env.example explains each variable.

Without ENVIRONMENT=development everything is as strict as on the county's server: a forgotten variable opens nothing.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from haiyan_pilot import databases, keys, logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

ENVIRONMENT = env.str("ENVIRONMENT", default="production")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(f"ENVIRONMENT is development or production, not {ENVIRONMENT!r}.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = not PRODUCTION and env.bool("DEBUG", default=False)

# --- Secrets --------------------------------------------------------------------------------------
SECRET_KEY = keys.read_key("SECRET_KEY")
AUDIT_KEY = keys.read_key("AUDIT_KEY")
KEY_FOLDER = keys.SECRETS

# --- Where it is served ---------------------------------------------------------------------------
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Only behind a proxy that sets (never appends to) X-Forwarded-For and X-Forwarded-Proto, as deploy/nginx.conf does.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
ROOT_URLCONF = "haiyan_pilot.urls"
WSGI_APPLICATION = "haiyan_pilot.wsgi.application"

# --- Parts ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "haiyan_pilot",  # for its commands: prepare, serve
    "bureau.apps.BureauConfig",
    "indicators.apps.IndicatorsConfig",
    "tasks.apps.TasksConfig",
    "reports.apps.ReportsConfig",
    "haiyan_pilot.administration.SettingsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
    "ninja",  # for the static files of the API's page
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bureau.language.LanguageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "bureau.middleware.HeadersMiddleware",
    "bureau.middleware.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "bureau.api.TokenMiddleware",
    "bureau.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "haiyan_pilot.views.ErrorPageMiddleware",
    "haiyan_pilot.methods.MethodsMiddleware",
    "bureau.middleware.AuditContextMiddleware",
    "bureau.trail.middleware.TrailMiddleware",
    "bureau.middleware.SessionLifeMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bureau.context.page",
            ],
        },
    },
]
DJANGO_TABLES2_TEMPLATE = "tables/table.html"

# --- Data -----------------------------------------------------------------------------------------
DATABASES = {
    "default": databases.database(
        env.str("DATABASE_URL", default=f"sqlite:///{VAR / 'haiyan.sqlite3'}"),
        production=PRODUCTION,
        statement_seconds=env.int("DATABASE_STATEMENT_SECONDS", default=30),
    )
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Pages as they were rendered last (bureau/kept.py); on this machine's disk, shared by its web processes.
    "pages": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR / "pages",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 3_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
FILES_ROOT = VAR / "files"
DEMO_ACCOUNTS_FILE = VAR / "demo-accounts.txt"
# Where the head of the audit trail is written down outside the database; how long its records are kept at least.
AUDIT_ANCHOR_FILE = Path(env.str("AUDIT_ANCHOR_FILE", default=str(VAR / "secrets" / "audit-anchors.txt")))
AUDIT_KEEP_DAYS = env.int("AUDIT_KEEP_DAYS", default=3 * 366)

# --- Uploads --------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES = 5 * 1024 * 1024
BODY_MAX_BYTES = UPLOAD_MAX_BYTES + 64 * 1024  # the file and the form around it
EVIDENCE_BODY_MAX_BYTES = 20 * 1024 * 1024 + 64 * 1024  # under EVIDENCE_PATH alone, where only such files are sent
EVIDENCE_PATH = "/evidence/"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500  # a sheet is one form, a field a cell: 44 villages x 20 columns are 880
# A longer file of many figures is read, a larger preview written, by the task worker, with its progress on the page.
IMPORT_AT_ONCE_BYTES = 200 * 1024  # some 6,000 lines
IMPORT_AT_ONCE_CELLS = 3_000
FILE_UPLOAD_TEMP_DIR = VAR / "uploading"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "haiyan_pilot.storage.StaticFiles"},
}
WHITENOISE_MANIFEST_STRICT = PRODUCTION

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "Simplified Chinese"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "__Host-language" if PRODUCTION else "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY, LANGUAGE_COOKIE_SAMESITE = PRODUCTION, True, "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Signing in -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "bureau.User"
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "account"
LOGOUT_REDIRECT_URL = LOGIN_URL
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "bureau.people.backend.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"bureau.people.passwords.{rule}"}
    for rule in ("Length", "Classes", "NotAboutUs", "NotGuessable", "NotUsedBefore")
]
# How long a password may be used before it must be changed, in days; 0: for ever.
PASSWORD_MAX_AGE = timedelta(days=env.int("PASSWORD_MAX_AGE_DAYS", default=90))
AXES_ENABLE_ADMIN = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# By account, and by account with address; never by address alone: a bureau shares one.
AXES_LOCKOUT_PARAMETERS = ["username", ["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or whoever keeps guessing keeps the owner out
AXES_CLIENT_IP_CALLABLE = "bureau.middleware.client_address"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"

# --- Sessions -------------------------------------------------------------------------------------
SESSION_ENGINE = "bureau.people.sessions"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-sid", "__Host-csrf") if PRODUCTION else ("sid", "csrf")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE = timedelta(minutes=30)
SESSION_IDLE_ADMINISTRATOR = timedelta(minutes=15)
SESSION_ABSOLUTE = timedelta(hours=12)
CSRF_FAILURE_VIEW = "haiyan_pilot.views.csrf_failure"

# --- Transport and browser ------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from the machine itself
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preload lists are for public names, this one is the intranet's
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Reminders by mail (催报) -----------------------------------------------------------------------
# Off until a mail server is named: in development messages are printed, in production nothing is sent.
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "dummy.EmailBackend" if PRODUCTION else "console.EmailBackend"
)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="haiyan-pilot@localhost")
SITE_URL = env.str("SITE_URL", default="").rstrip("/")  # leads from a message to the desk

# --- Log ------------------------------------------------------------------------------------------
LOGGING = logs.configuration(env.str("LOG_LEVEL", default="INFO"))
