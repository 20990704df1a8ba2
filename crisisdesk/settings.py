"""How CrisisDesk is put together. Everything that differs between places comes from the environment.

Three ways to run it (CRISISDESK_ENV): `desk`, the default, on one machine with a data folder;
`production`, which refuses to start without SECRET_KEY, ALLOWED_HOSTS and PUBLIC_URL; `test`.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from crisisdesk import environment

BASE_DIR = Path(__file__).resolve().parent.parent
PRODUCTION = environment.is_production()
TESTING = os.environ.get("CRISISDESK_ENV", "").strip().lower() == "test"
DATA_DIR = environment.data_folder()
DEMO = environment.flag("CRISISDESK_DEMO")
DEBUG = environment.flag("DEBUG")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows the inside of the desk to everyone: not in production.")

# --- the outside ---------------------------------------------------------------------------------
SECRET_KEY = environment.secret_key(DATA_DIR, production=PRODUCTION)
PUBLIC_URL = environment.public_url(production=PRODUCTION)
ALLOWED_HOSTS = environment.allowed_hosts(PUBLIC_URL, production=PRODUCTION)
HTTPS = PUBLIC_URL.startswith("https://")
if PRODUCTION and not HTTPS:
    raise ImproperlyConfigured("PUBLIC_URL must begin with https:// in production.")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS") or ([PUBLIC_URL] if HTTPS else [])

# --- the parts -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "guardian",
    "template_partials",
    "teams",
    "incidents",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.middleware.ReaderMiddleware",
    "incidents.access.OutsideMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crisisdesk.kit.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "crisisdesk.urls"
ASGI_APPLICATION = "crisisdesk.asgi.application"
WSGI_APPLICATION = "crisisdesk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "teams.context.reader",
                "incidents.board.context.frame",
            ]
        },
    }
]

# --- what is kept --------------------------------------------------------------------------------
DATABASES = {"default": environment.database(DATA_DIR)}
MEDIA_ROOT = DATA_DIR / "files"
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", "").strip() or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Django's development server serves the files as they are; everything else serves collected ones.
PLAIN_STATIC = TESTING or DEBUG or "runserver" in sys.argv[1:2]
WHITENOISE_USE_FINDERS = PLAIN_STATIC
WHITENOISE_AUTOREFRESH = PLAIN_STATIC and not TESTING
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_STATIC
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian would make a row for nobody
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 10}  # type: ignore[assignment]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "crisisdesk.sign_in.adapters.StaffOnlyAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "crisisdesk.sign_in.forms.CodeRequestForm",
    "confirm_login_code": "crisisdesk.sign_in.forms.CodeForm",
    "reset_password": "crisisdesk.sign_in.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "CrisisDesk, "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a new password or passkey, to the person
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
# Passkeys stand beside the password and the code; other second factors have no pages yet.
MFA_ADAPTER = "crisisdesk.sign_in.adapters.PasskeyAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_REAUTHENTICATION_REQUIRED = (
    False  # crisisdesk/sign_in/views.py asks, by the clock of a decision
)
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "add_webauthn": "crisisdesk.sign_in.forms.PasskeyForm",
    "edit_webauthn": "crisisdesk.sign_in.forms.PasskeyNameForm",
}
# How many proxies stand in front: attempts to sign in are counted by the person's own address.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.number("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "request_login_code": "20/m/ip,3/m/key",
    "confirm_login_code": "20/m/ip,10/10m/key",
}
# A link opens at once for weeks; what binds asks again who is there (crisisdesk/kit/fresh.py).
SESSION_COOKIE_AGE = 28 * 24 * 3600
SIGNOFF_CONFIRM_AFTER: timedelta | None = environment.minutes("SIGNOFF_CONFIRM_AFTER", default=30)
SESSION_COOKIE_SAMESITE = "Lax"

# --- languages and times -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
FORMAT_MODULE_PATH = "crisisdesk.formats"
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "").strip() or "Europe/Paris"

# --- safety of the browser -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = environment.number("SECURE_HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# --- mail ----------------------------------------------------------------------------------------
_mail = environment.mail()
EMAIL_HOST = _mail["host"]
EMAIL_PORT = _mail["port"]
EMAIL_HOST_USER = _mail["user"]
EMAIL_HOST_PASSWORD = _mail["password"]
EMAIL_USE_TLS = _mail["tls"] in {"1", "true", "yes", "on", "starttls"}
EMAIL_USE_SSL = _mail["tls"] == "ssl"
EMAIL_TIMEOUT = _mail["timeout"]
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _mail["sender"]
# Without a mail server, mails are files in the data folder: nothing pretends to have been sent.
EMAIL_CONFIGURED = bool(EMAIL_HOST)
if EMAIL_CONFIGURED:
    EMAIL_BACKEND = "incidents.notifications.mail.PostBackend"
elif DEMO:  # the demonstration's mails are read in the product
    EMAIL_BACKEND = "incidents.notifications.mail.StoredMailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mails"

# --- Redis: broker, cache, rate limit and bell; never the only copy of anything ------------------
REDIS_URL = os.environ.get("REDIS_URL", "").strip()
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": "crisisdesk",
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- Celery: short idempotent tasks that carry ids; no ETA, no countdown, no results -------------
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://") if REDIS_URL else "memory://localhost/"
)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 3600, "socket_keepalive": True, "health_check_interval": 30}
    if REDIS_URL
    else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_DEFAULT_QUEUE = "crisisdesk"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- what is said to the operator ----------------------------------------------------------------
LOG_LEVEL = os.environ.get("LOG_LEVEL", "").strip().upper() or "INFO"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "crisisdesk": {"level": LOG_LEVEL},
        "teams": {"level": LOG_LEVEL},
        "incidents": {"level": LOG_LEVEL},
        "django": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "ERROR"},
        "celery": {"level": "WARNING"},
    },
}
