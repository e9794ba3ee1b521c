"""The site as it is served, with one address more: an empty view behind the sign-in, to measure pages against."""

from haiyan_pilot.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
ALLOWED_HOSTS = ["127.0.0.1"]
