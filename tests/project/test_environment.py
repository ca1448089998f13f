"""What the operator can set is written down in .env.example, all of it and nothing else."""

import re
from pathlib import Path

from prep_bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]


def documented() -> set[str]:
    """Return the names that .env.example gives a value, commented out or not."""
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))


def test_every_setting_is_documented_and_nothing_else() -> None:
    ours = {name for name in documented() if name.startswith(PREFIX)}
    assert ours == {f"{PREFIX}{field.upper()}" for field in Settings.model_fields}


def test_what_the_containers_are_given_is_documented() -> None:
    given = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text("utf-8")))
    assert given
    assert given <= documented()
