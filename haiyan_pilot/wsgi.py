"""The entry point of the web server process."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haiyan_pilot.settings")
application = get_wsgi_application()
