"""The two secret keys of an installation: read from the environment or from files under var/secrets, made once.

`python -m haiyan_pilot.keys` makes the files that are missing (mode 0600). Keys are never made while the site runs, and
never kept in the database: the audit key (审计密钥) must lie apart from what it protects.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SECRETS = Path(__file__).resolve().parent.parent / "var" / "secrets"
NAMES = ("SECRET_KEY", "AUDIT_KEY")
FEWEST_CHARACTERS = 50


def file_of(name: str, folder: Path = SECRETS) -> Path:
    """Where the key of that name is kept when the environment does not give it."""
    return folder / name.lower()


def read_key(name: str, folder: Path = SECRETS) -> str:
    """The key, from the environment variable of that name, else from its file; ImproperlyConfigured says what to do."""
    given = os.environ.get(name, "").strip()
    if given:
        source, key = f"the environment variable {name}", given
    else:
        path = file_of(name, folder)
        if not path.exists():
            raise ImproperlyConfigured(f"No {name}: set it, or make var/secrets with `python -m haiyan_pilot.keys`.")
        source, key = str(path), path.read_text(encoding="ascii").strip()
    if len(key) < FEWEST_CHARACTERS:
        raise ImproperlyConfigured(f"{source} holds fewer than {FEWEST_CHARACTERS} characters.")
    return key


def make_missing(folder: Path = SECRETS) -> list[Path]:
    """Make the key files that are missing, readable by their owner alone; the paths made. No key is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    made = []
    for name in NAMES:
        path = file_of(name, folder)
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48) + "\n")
            made.append(path)
    return made


if __name__ == "__main__":
    for path in make_missing():
        print(f"made {path}")
