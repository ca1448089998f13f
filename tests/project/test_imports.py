"""The import rules of .importlinter hold, cover every module, and catch what they are there to catch."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Check the packages beneath `root` against its `.importlinter`."""
    return subprocess.run([LINTER, "--no-cache", "--no-logo"], cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program in which a test may break a rule."""
    copy = tmp_path_factory.mktemp("program")
    shutil.copy(ROOT / ".importlinter", copy)
    for package in ("prep_bot", "handlers", "scheduler"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_the_rules_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_every_module_has_its_place_among_the_layers() -> None:
    rules = ConfigParser()
    rules.read(ROOT / ".importlinter", "utf-8")
    layers = rules["importlinter:contract:layers"]["layers"]
    placed = {name.strip(" ()") for line in layers.split("\n") for part in line.split("|") for name in part.split(":")}
    modules = {
        f"prep_bot.{path.stem}"
        for path in (ROOT / "prep_bot").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert modules - {"prep_bot.__init__"} <= placed


@pytest.mark.parametrize(
    ("module", "imported", "rule"),
    [
        ("prep_bot/domain/month.py", "sqlmodel", "The domain is pure"),
        ("prep_bot/domain/month.py", "prep_bot.clock", "The domain is pure"),
        ("prep_bot/db/plan.py", "prep_bot.services.plan_import", "Imports run one way"),
        ("prep_bot/plans/document.py", "prep_bot.db.plan", "Imports run one way"),
        ("prep_bot/services/meetings.py", "prep_bot.texts.meetings", "Imports run one way"),
        ("prep_bot/services/meetings.py", "prep_bot.i18n", "Words are made in texts, never in services"),
        ("prep_bot/services/meetings.py", "prep_bot.transport", "What is done does not depend on how people are"),
        ("prep_bot/texts/meetings.py", "telegram.constants", "What is done does not depend on how people are"),
        ("prep_bot/texts/meetings.py", "prep_bot.db.meeting", "Only services work with the database"),
        ("handlers/__init__.py", "sqlalchemy", "Only services work with the database"),
        ("handlers/__init__.py", "scheduler", "Imports run one way"),
        ("scheduler/__init__.py", "handlers", "Imports run one way"),
        ("prep_bot/cli/__init__.py", "telegram", "Telegram is met at the edge"),
        ("prep_bot/bootstrap.py", "apscheduler", "APScheduler stays in the scheduler"),
        ("prep_bot/cli/__init__.py", "handlers", "Only the composition root knows handlers and scheduler"),
    ],
)
def test_a_forbidden_import_is_caught(packages: Path, module: str, imported: str, rule: str) -> None:
    path = packages / module
    source = path.read_text("utf-8")
    path.write_text(f"{source}\nimport {imported}\n", "utf-8")
    try:
        result = lint(packages)
    finally:
        path.write_text(source, "utf-8")
    assert result.returncode == 1
    assert any(line.startswith(rule) and line.endswith("BROKEN") for line in result.stdout.splitlines()), result.stdout
