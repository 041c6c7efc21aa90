"""The plan of the house, kept by reading the source."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("questionnaires", "models", "fieldwork", "analysis", "bot", "dashboard")
DOORS = ("bot", "dashboard")
CATALOGUES_OF_DATA = {"models/tables.py"}
LONGEST_FILE = 350
LONGEST_FUNCTION = 50


def sources(*packages: str) -> list[Path]:
    return [
        path
        for package in packages or PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "versions" not in path.parts
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def calls(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_file_is_short_enough_to_read_at_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert name(path) in CATALOGUES_OF_DATA or lines <= LONGEST_FILE


@pytest.mark.parametrize("path", sources(), ids=name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    assert [node.name for node in functions(path) if length(node) > LONGEST_FUNCTION] == []


def test_files_and_functions_are_small_in_the_middle() -> None:
    files = [len(path.read_text(encoding="utf-8").splitlines()) for path in sources()]
    bodies = [length(node) for path in sources() for node in functions(path)]
    assert statistics.median(files) <= 120
    assert statistics.median(bodies) <= 10


@pytest.mark.parametrize("path", sources("questionnaires", "models", "fieldwork", "analysis"), ids=name)
def test_below_the_doors_the_clock_and_chance_are_arguments(path: Path) -> None:
    forbidden = (
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "time.time",
        "secrets.",
        "random.random",
        "uuid4",
    )
    assert [call for call in calls(path) if call.startswith(forbidden)] == []


@pytest.mark.parametrize(
    "path", [path for path in sources() if name(path) != "fieldwork/settings.py"], ids=name
)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "os.getenv" not in text
    assert "environ.get(" not in text
    assert "environ[" not in text


@pytest.mark.parametrize(
    "path", sources("questionnaires", "models", "analysis", "bot", "dashboard"), ids=name
)
def test_only_fieldwork_commits(path: Path) -> None:
    assert [call for call in calls(path) if call.endswith(".commit")] == []


RAW_ANSWERS = {"Answer", "Result", "TextResult", "Coding"}
MAY_READ_RESULTS = {
    "models/queries.py": "writes a result, in the transaction that counts it",
    "models/mixing.py": "writes results anew in the order of their keys",
    "models/recount_queries.py": "counts the results anew",
    "models/coding_queries.py": "counts codes",
    "models/rate_queries.py": "counts how much interviews answered, never what",
    "fieldwork/recounting.py": "compares the counts",
    "fieldwork/file_results.py": "withdraws the first reading of a file",
    "fieldwork/coding.py": "hands out open answers to be coded; counts in the database",
}


def tables_used(path: Path) -> set[str]:
    """Return the tables of answers that a file imports or names in a statement."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported = {
        name.name for node in imports if node.module == "models.tables" for name in node.names
    } & RAW_ANSWERS
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return imported | (
        {"result", "textresult", "answer", "coding"} & texts if "models" in path.parts else set()
    )


@pytest.mark.parametrize("path", sources("analysis", "bot", "dashboard"), ids=name)
def test_no_page_export_or_command_reads_answers_by_itself(path: Path) -> None:
    """Tables are made of the counts that fieldwork gives; see also the statements in tests/dashboard."""
    assert tables_used(path) == set()


def test_only_those_who_have_a_reason_read_stored_results() -> None:
    readers = {
        name(path)
        for path in sources("models", "fieldwork")
        if {"Result", "TextResult", "result", "textresult"} & tables_used(path)
    }
    assert readers <= {*MAY_READ_RESULTS, "models/tables.py"}


@pytest.mark.parametrize("path", sources("dashboard"), ids=name)
def test_no_page_is_named_like_a_package_or_a_standard_module(path: Path) -> None:
    """Streamlit puts the folder of its script first on the path, so such a file would shadow the real one."""
    import sys

    assert path.stem == "__init__" or path.stem not in {*PACKAGES, *sys.stdlib_module_names}


@pytest.mark.parametrize("path", sources(), ids=name)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_no_lock_or_setting_names_a_package_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--hash=sha256:" in lock
