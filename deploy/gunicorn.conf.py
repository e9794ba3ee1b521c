"""The web server process: threads in one process on SQLite, WEB_WORKERS processes on PostgreSQL."""

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
