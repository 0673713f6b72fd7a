"""Every setting of CPD Hub. What differs between machines comes from the environment;
`.env.example` lists it all. Safe defaults for the trial, none for secrets in production."""

import sys
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from cpdhub import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("CPDHUB_DATA_DIR", str(BASE_DIR / ".data")))

TRIAL = env.switch("CPDHUB_TRIAL", False)
DEBUG = env.switch("DEBUG", False)
TESTING = "pytest" in sys.modules
PRODUCTION = not (TRIAL or DEBUG or TESTING)

SECRET_KEY = env.text(
    "SECRET_KEY",
    "trial-only-not-a-secret" if not PRODUCTION else None,
    hint="Any 50 random characters, kept the same between restarts.",
)
# Signs portable records and badges. A trial makes its own and keeps it with its data.
SIGNING_KEY = env.text("CPDHUB_SIGNING_KEY", "")
BASE_URL = env.text(
    "CPDHUB_BASE_URL", f"http://127.0.0.1:{env.number('CPDHUB_PORT', 8000)}"
).rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
# In production the clock is the machine's; a trial or a test may start it elsewhere.
CPDHUB_NOW = env.text("CPDHUB_NOW", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "bootstrap",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django_scopes",
    "pgtrigger",
    "pghistory",
    "cpdhub",
    "audits",
    "activities",
    "evaluation",
    "networks",
    "cpdhub.roof",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cpdhub.middleware.NotAllowedMiddleware",
    "cpdhub.middleware.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cpdhub.middleware.SignInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cpdhub.middleware.NulMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "cpdhub.middleware.SchoolMiddleware",
]

ROOT_URLCONF = "cpdhub.urls"
WSGI_APPLICATION = "cpdhub.wsgi.application"

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
                "cpdhub.context.frame",
            ],
            "builtins": ["cpdhub.templatetags.cpdhub"],
        },
    }
]

# --- database: one engine, one alias, and a role chosen by process -------------------------
# The owner migrates (and lends its rights to tests, which then assume the app's role);
# every other process connects as a plain role that row-level security binds.
AS_OWNER = TESTING or (len(sys.argv) > 1 and sys.argv[1] == "migrate")
APP_DATABASE = dj_database_url.parse(
    env.text("DATABASE_URL", hint="For a trial, `make run` sets it for you.")
)
APP_ROLE = APP_DATABASE["USER"]
# Compiling a statement costs more than it saves where pages read a few hundred rows: without
# statistics (a school just imported) PostgreSQL would do it for each, a second at a time.
# Each trigger asks whether it is to be left out, and where nobody ever set that, PostgreSQL raises
# and catches an error to find out: a third of a millisecond for every row that is written.
SESSION = "-c jit=off -c pgtrigger.ignore={}"
if AS_OWNER:
    DATABASE = dj_database_url.parse(
        env.text("DATABASE_OWNER_URL", hint="The role that owns the database; used to migrate.")
    )
else:
    DATABASE = APP_DATABASE
    SESSION += (
        " -c statement_timeout={} -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
    ).format("300s" if "celery" in sys.argv[0] else "15s")
DATABASE["OPTIONS"] = {**DATABASE.get("OPTIONS", {}), "options": SESSION}
DATABASES = {
    "default": {
        **DATABASE,
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache holds sign-in limits only; in the database it outlives a lost Redis.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cpdhub_cache",
    }
}

# --- sign-in ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "cpdhub.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "cpdhub.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people are invited by e-mail: accepting proves the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # stays signed in here; every other session ends
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "cpdhub.accounts.SignInForm",
    "change_password": "cpdhub.accounts.ChangeForm",
    "set_password": "cpdhub.accounts.SetForm",
    "reset_password": "cpdhub.accounts.ResetForm",
    "reset_password_from_key": "cpdhub.accounts.NewPasswordForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A staffroom shares one address: the figure per address is generous, the one per account is not.
ACCOUNT_RATE_LIMITS = {
    "login": "600/m/ip",
    "login_failed": "600/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("CPDHUB_TRUSTED_PROXIES", 0)
USERSESSIONS_TRACK_ACTIVITY = False
PUBLIC_PAGES_A_MINUTE = 60  # to one address, of each page that asks nobody to sign in

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_FAILURE_VIEW = "cpdhub.views.errors.csrf_failure"

# --- transport security ----------------------------------------------------------------------
SECURE = BASE_URL.startswith("https://")
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
MAX_UPLOAD_BYTES = 10_000_000  # a staff file
MAX_EXTRACT_BYTES = 150_000_000  # the extract of all schools

# --- words, time, pages ------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = ["cpdhub.formats"]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

STATIC_URL = "/static/"
STATIC_ROOT = env.text("CPDHUB_STATIC_ROOT", str(DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG

# --- letters ---------------------------------------------------------------------------------
# Everything, sign-in letters too, goes to the outbox table; the worker sends from there.
EMAIL_BACKEND = "cpdhub.outbox.OutboxBackend"
DEFAULT_FROM_EMAIL = env.text("CPDHUB_FROM_EMAIL", "CPD Hub <cpdhub@hub.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_FOLDER = DATA_DIR / "mail"  # where a trial's letters land
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 587 if PRODUCTION else 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.switch("EMAIL_USE_TLS", PRODUCTION)
EMAIL_TIMEOUT = 20
LETTERS_LEAVE_BY = (
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "cpdhub.outbox.FolderBackend"
)

# --- background work ---------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL", hint="For a trial, `make run` sets it for you.")


def celery_address(url: str) -> str:
    """Celery's spelling of a Redis address: unix:///path?db=1 is redis+socket:///path?virtual_host=1."""
    return url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


CELERY_BROKER_URL = celery_address(REDIS_URL)
CELERY_TASK_DEFAULT_QUEUE = env.text("CPDHUB_QUEUE", "cpdhub")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1500,  # more than twice the time limit, or a slow task runs twice
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
# One tick finds what is due. One that is late is dropped: the next finds the same rows.
TICK_SECONDS = env.number("CPDHUB_TICK_SECONDS", 30)
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "cpdhub.tasks.tick",
        "schedule": float(TICK_SECONDS),
        "options": {"expires": TICK_SECONDS},
    }
}
# How long a job is left alone after its worker last said that it lives.
JOB_LEASE_SECONDS = env.number("CPDHUB_JOB_LEASE_SECONDS", 20)
# Opens the details of /readyz; without one, they are shown in a trial only.
HEALTH_TOKEN = env.text("CPDHUB_HEALTH_TOKEN", "")
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.1}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"fontTools": {"level": "WARNING"}},
}
