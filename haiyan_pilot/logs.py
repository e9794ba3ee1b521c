"""One JSON line per event to standard error; who keeps the lines is the system's affair. No bodies, no cookies."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message; for a request its method, path, status, user."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, ZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = getattr(record, "request", None)
        if hasattr(request, "path"):
            line |= {"method": request.method, "path": request.path}
            # Only where the user was already looked up: a log line must not ask the database.
            line["user"] = getattr(getattr(request, "_cached_user", None), "pk", None)
        if (status := getattr(record, "status_code", None)) is not None:
            line["status"] = status
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configuration(level: str) -> dict[str, Any]:
    """The dictionary for logging.config, used by Django and by the server process alike."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django gives these handlers of its own; theirs go, so that a line is written once.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django.template": {"level": "INFO"},  # at DEBUG it prints whole contexts, one-time passwords among them
            "axes.apps": {"level": "WARNING"},  # a greeting at every start
            "weasyprint.progress": {"level": "WARNING"},  # a line a page of each PDF
            "fontTools": {"level": "WARNING"},
            "gunicorn.error": {"handlers": [], "level": level, "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "WARNING", "propagate": True},  # the proxy keeps that log
        },
    }
