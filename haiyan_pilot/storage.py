"""Static files under names made of their content, compressed; imports are rewritten in our own modules only."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites `import … from "./x.js"` under js/ only: over vendored files the same patterns stop collectstatic."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
