"""The web server process: threads in one process on SQLite, WEB_WORKERS processes on PostgreSQL."""

import gc
import os

from haiyan_pilot import logs

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "1"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 4  # `manage.py serve` ends what has not ended after five seconds
keepalive = 5
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
logconfig_dict = logs.configuration(os.environ.get("LOG_LEVEL", "INFO"))


def post_worker_init(worker):
    """What was built to serve stays: the garbage collector need not walk through it in the middle of a page."""
    from django.urls import get_resolver

    get_resolver().check()  # reads every address, and with them every view
    gc.collect()
    gc.freeze()
