"""What of the app lives in the database or in built assets, as one hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.stack.scratch import APP, CHECKOUT

# Python code elsewhere takes effect at once; these act when the app is installed or migrated.
INSTALLED = (
	"*.json",
	"hooks.py",
	"modules.txt",
	"patches.txt",
	"setup/**/*.py",
	"patches/**/*.py",
	"seed/**/*",
)
BUILT = ("public/**/*",)


def fingerprint() -> str:
	package = CHECKOUT / APP
	found: set[Path] = set()
	for pattern in (*INSTALLED, *BUILT):
		found.update(package.glob(pattern) if "/" in pattern else package.rglob(pattern))
	hashed = hashlib.sha256()
	for path in sorted(found):
		if path.is_file() and "__pycache__" not in path.parts:
			hashed.update(str(path.relative_to(package)).encode())
			hashed.update(path.read_bytes())
	return hashed.hexdigest()
