"""All settings of ViPaD, one file. What differs between machines is a variable of .env.example."""

import zoneinfo
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from accounts import languages
from core.logs import logging_config

env = Env()

# Paths
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))

# Secrets and hosts
DEFAULT_SECRET_KEY = "insecure-key-for-development-only"  # noqa: S105 -- production refuses to start with it
ENVIRONMENT = env.str("ENVIRONMENT", "production")
PRODUCTION = ENVIRONMENT != "development"
SECRET_KEY = env.str("SECRET_KEY", DEFAULT_SECRET_KEY)
DEBUG = env.bool("DEBUG", False)
SITE_URL = env.str("SITE_URL", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

if PRODUCTION and SECRET_KEY == DEFAULT_SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. In production it must be a long random text of your own (see .env.example); "
        "on your own machine use `make run`, or set ENVIRONMENT=development."
    )
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production: it shows internals to everybody.")

# Apps, highest layer first: templates and translations of an upper layer win
INSTALLED_APPS = [
    "portal",
    "training",
    "partnerships",
    "webinars",
    "discussions",
    "directory",
    "notifications",
    "accounts",
    "core",
    "modeltranslation",
    "vipad.apps.VipadAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
]

# Middleware
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.request_log",
    "core.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.refuse_trace",
    "core.middleware.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.language",
    "core.middleware.refuse_too_large",
    "core.middleware.explain_button",
    "accounts.middleware.time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "vipad.urls"
WSGI_APPLICATION = "vipad.wsgi.application"

# Templates: outside production a changed template shows at once
_LOADERS = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
FORM_RENDERER = "core.jinja.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.every_page",
                "notifications.context.bell",
            ],
            "loaders": [("django.template.loaders.cached.Loader", _LOADERS)] if PRODUCTION else _LOADERS,
        },
    },
    {
        "NAME": "jinja",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja", Path(django.__file__).parent / "forms" / "jinja2"],
        "OPTIONS": {"environment": "core.jinja.environment"},
    },
]

# Database and cache. Without these two addresses `make run` and the tests start servers of their own.
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", "postgres://vipad@localhost/vipad"),
        "CONN_MAX_AGE": env.int("DATABASE_CONNECTION_SECONDS", 60),
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "vipad",
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    },
    # Sign-in limits count here while Redis is away.
    "database": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}

# People and login
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:desk"
ACCOUNT_SIGNUP_REDIRECT_URL = "portal:welcome"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:start"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailVerificationCodeForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordResetCodeForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "signup": "accounts.forms.SignupForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(SITE_URL).scheme
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # mail is not always quick
ACCOUNT_RATE_LIMITS = {  # 30 people behind one address are not hit; one account is guarded closely
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "request_login_code": "60/m/ip,3/m/key",
    "reset_password": "60/m/ip,5/m/key",
    "signup": "60/m/ip",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True}  # digits stand on every keyboard, Latin or Cyrillic
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddPasskeyForm",
    "authenticate": "accounts.forms.AuthenticateForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
    "reauthenticate": "accounts.forms.ReauthenticateMFAForm",
}
MFA_TOTP_TOLERANCE = 0  # allauth refuses a used code for 30 seconds; no code may live longer
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "ViPaD"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # browsers themselves allow it for localhost only
USERSESSIONS_TRACK_ACTIVITY = False  # would write on every request
STAFF_NEED_SECOND_FACTOR = env.bool("STAFF_NEED_SECOND_FACTOR", PRODUCTION)
STAFF_SESSION_AGE = timedelta(hours=12)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=90).total_seconds())

# Languages and time. The interface offers complete languages only.
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LANGUAGE_CODE = "de"
PARTNER_LANGUAGES = languages.PARTNER_LANGUAGES  # of pages and mails for partners without account
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["core.formats"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "de"
MODELTRANSLATION_LANGUAGES = ("de", "en")
MODELTRANSLATION_FALLBACK_LANGUAGES = ("de", "en")
JQUERY_UI_URL = "vendor/jquery-ui/jquery-ui.min.js"  # else modeltranslation asks a foreign host for it
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
zoneinfo.reset_tzpath(to=())  # zone rules of the pinned tzdata, not of the machine

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))  # given out by nothing but core/files.py
LARGEST_FILE_MB = env.int("LARGEST_FILE_MB", 20)
LARGEST_PICTURE_MB = env.int("LARGEST_PICTURE_MB", 15)
LARGEST_REQUEST = (max(LARGEST_FILE_MB, LARGEST_PICTURE_MB) + 2) * 1024 * 1024  # one file and its form

# Mail
EMAIL = env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL["EMAIL_HOST"], EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_USER"], EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL["EMAIL_USE_TLS"], EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ViPaD <vipad@localhost>")
# Where mails that cannot be delivered go back to, as <name>+<which mail>@<host>; empty: to the sender above.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", "")
# Where answers to mails of groups go, as <name>+<whose, to what>@<host>; empty: such mails cannot be answered.
REPLY_ADDRESS = env.str("REPLY_ADDRESS", "")
REPLY_IMAP_URL = env.str("REPLY_IMAP_URL", "")  # secret: a password stands in it
MAILBOX_DIR = None if PRODUCTION else Path(env.str("MAILBOX_DIR", str(VAR_DIR / "mailbox")))

# Celery is only the clock: tasks take no arguments, the work lies in PostgreSQL
_redis = urlsplit(REDIS_URL)
CELERY_BROKER_URL = f"redis+socket://{_redis.path}?virtual_host=0" if _redis.scheme == "unix" else REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "deliver due notices": {
        "task": "notifications.tasks.deliver",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "look at sessions": {
        "task": "webinars.tasks.look_at_sessions",
        "schedule": 60,
        "options": {"expires": 55},
    },
    # Often enough that a standstill of some hours is not felt; each does nothing where nothing is due.
    "ask sides whether entries are right": {
        "task": "partnerships.tasks.ask_sides",
        "schedule": timedelta(hours=1),
    },
    "delete groups whose notice is over": {
        "task": "discussions.tasks.delete_groups",
        "schedule": timedelta(hours=1),
    },
    "look at strategies": {"task": "training.tasks.look_at_strategies", "schedule": timedelta(hours=1)},
    "look at courses": {
        "task": "training.tasks.look_at_courses",
        "schedule": timedelta(hours=1),
    },
    "look ahead to anniversaries": {"task": "partnerships.tasks.look_ahead", "schedule": timedelta(hours=12)},
    "forget what is no longer needed": {"task": "portal.tasks.clean_up", "schedule": timedelta(hours=6)},
}

# Security
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
_prefix = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}session", f"{_prefix}csrf"
LANGUAGE_COOKIE_NAME = f"{_prefix}language" if PRODUCTION else "django_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
_SELF, _NONE = ["'self'"], ["'none'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _NONE,
        "script-src": _SELF,
        "style-src": _SELF,
        "img-src": [*_SELF, "data:"],  # KERN's icons are data: SVG
        "font-src": _SELF,
        "connect-src": _SELF,
        "media-src": _SELF,
        "manifest-src": _SELF,
        "form-action": _SELF,
        "frame-ancestors": _NONE,
        "base-uri": _NONE,
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Logging: one line of JSON an event in production, readable lines elsewhere, no personal data in either
LOGGING = logging_config(production=PRODUCTION, level=env.str("LOG_LEVEL", "INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"

# Rooms of webinars: what is not set up is not offered
BBB_URL, BBB_SECRET = env.str("BBB_URL", ""), env.str("BBB_SECRET", "")
BBB_CHECKSUM = env.str("BBB_CHECKSUM", "sha256")
JITSI_URL, JITSI_SECRET = env.str("JITSI_URL", ""), env.str("JITSI_SECRET", "")
JITSI_APP_ID = env.str("JITSI_APP_ID", "")
JITSI_AUDIENCE = env.str("JITSI_AUDIENCE", "jitsi")
JITSI_SUBJECT = env.str("JITSI_SUBJECT", "")  # empty: the host of JITSI_URL
ROOM_TIMEOUT = env.float("ROOM_TIMEOUT", 5.0)  # seconds a server of rooms may take to answer

# Machine translation of posts, by a service that speaks LibreTranslate's interface: empty is off
TRANSLATION_URL, TRANSLATION_KEY = env.str("TRANSLATION_URL", ""), env.str("TRANSLATION_KEY", "")

# Our own switches
SHOW_DEMO = env.bool("SHOW_DEMO", not PRODUCTION) and not PRODUCTION  # invented examples in lists and maps
HEALTH_TOKEN = env.str("HEALTH_TOKEN", "")  # who sends it sees details on /healthz
