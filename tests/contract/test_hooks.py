"""Whatever hooks.py and patches.txt name exists, so that an installation never stops at a misspelled path."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.contract.app_files import PACKAGE, ROOT, syntax_tree

APP = "hospital_followup"
ASSETS = f"/assets/{APP}/"


def hooks() -> dict[str, Any]:
	"""hooks.py as data: it holds literals only, so that reading it never runs anything."""
	statements = [node for node in syntax_tree(PACKAGE / "hooks.py").body if isinstance(node, ast.Assign)]
	return {
		target.id: ast.literal_eval(statement.value)
		for statement in statements
		for target in statement.targets
		if isinstance(target, ast.Name)
	}


def texts(value: Any) -> Iterator[str]:
	if isinstance(value, dict):
		for key, inner in value.items():
			yield from texts(key)
			yield from texts(inner)
	elif isinstance(value, (list, tuple)):
		for inner in value:
			yield from texts(inner)
	elif isinstance(value, str):
		yield value


def module_file(dotted: str) -> Path | None:
	path = ROOT.joinpath(*dotted.split("."))
	found = [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()]
	return found[0] if found else None


def names_in(path: Path) -> set[str]:
	"""What a module defines at its top level; imported names count."""
	names: set[str] = set()
	for node in syntax_tree(path).body:
		if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
			names.add(node.name)
		elif isinstance(node, ast.Assign):
			names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
		elif isinstance(node, (ast.Import, ast.ImportFrom)):
			names |= {alias.asname or alias.name for alias in node.names}
	return names


def exists(dotted: str) -> bool:
	"""A module, or a name at the top level of one."""
	module, _dot, name = dotted.rpartition(".")
	path = module_file(module)
	return bool(module_file(dotted) or (path and name in names_in(path)))


def dotted_paths() -> list[str]:
	return sorted({text for text in texts(hooks()) if text.startswith(f"{APP}.") and " " not in text})


def patches() -> list[str]:
	lines = (PACKAGE / "patches.txt").read_text(encoding="utf-8").splitlines()
	return [line.split()[0] for line in lines if line.strip() and not line.startswith(("#", "["))]


def scheduled() -> list[str]:
	return [text for text in texts(hooks().get("scheduler_events", {})) if text.startswith(f"{APP}.")]


def test_no_hook_is_set_twice() -> None:
	"""The second assignment would silently undo the first."""
	statements = [node for node in syntax_tree(PACKAGE / "hooks.py").body if isinstance(node, ast.Assign)]
	names = Counter(
		target.id for node in statements for target in node.targets if isinstance(target, ast.Name)
	)
	assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("dotted", dotted_paths())
def test_a_path_in_hooks_leads_somewhere(dotted: str) -> None:
	if dotted.endswith((".js", ".css")):  # a bundle, found by its file name
		assert list((PACKAGE / "public").rglob(dotted))
	else:
		assert exists(dotted)


def test_assets_in_hooks_exist() -> None:
	files = [text.removeprefix(ASSETS).split("?")[0] for text in texts(hooks()) if text.startswith(ASSETS)]
	files += [text for text in texts(hooks()) if text.startswith("public/")]
	missing = [name for name in files if not (PACKAGE / "public" / name.removeprefix("public/")).is_file()]
	assert missing == []


def test_a_cached_asset_carries_the_version() -> None:
	"""Browsers keep /assets for a year; only a bundle gets a new name by itself."""
	marked = [text for text in texts(hooks()) if text.startswith(ASSETS) and text.endswith((".css", ".js"))]
	assert marked == []
	versions = {text.split("?v=")[1] for text in texts(hooks()) if "?v=" in text}
	assert versions <= {import_module(APP).__version__}


def test_bundles_in_hooks_exist() -> None:
	bundles = [text for text in texts(hooks()) if text.endswith((".bundle.js", ".bundle.css"))]
	assert [
		name for name in bundles if not list((PACKAGE / "public").rglob(f"{name.rsplit('.', 1)[0]}.*"))
	] == []


def test_patches_can_be_run() -> None:
	paths = [module_file(patch) for patch in patches()]
	assert [patch for patch, path in zip(patches(), paths, strict=True) if not path] == []
	assert [path for path in paths if path and "execute" not in names_in(path)] == []
	assert [patch for patch, count in Counter(patches()).items() if count > 1] == []


def test_scheduled_methods_are_not_overwritten_by_another_app() -> None:
	"""Frappe 15 keeps one job per last two parts of the path: `tasks.daily` of another app would replace ours."""
	endings = Counter(".".join(method.split(".")[-2:]) for method in scheduled())
	assert [ending for ending, count in endings.items() if count > 1] == []
	assert [method for method in scheduled() if not method.rpartition(".")[2].startswith("followup_")] == []


def test_one_module_with_a_name_of_its_own() -> None:
	assert (PACKAGE / "modules.txt").read_text(encoding="utf-8").split("\n")[0] == "Hospital Followup"
	assert module_file(f"{APP}.hospital_followup")


@pytest.mark.parametrize(
	"dotted", ["hospital_followup.nothing", "hospital_followup.hooks.nothing", "nothing"]
)
def test_a_wrong_path_is_noticed(dotted: str) -> None:
	assert not exists(dotted)
