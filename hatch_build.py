"""Build hook: compile the gettext catalogues into the wheel; an editable install compiles in memory."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    """Puts `locales/<locale>/LC_MESSAGES/prep_bot.po` into the wheel as `prep_bot/locales/…/prep_bot.mo`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile each catalogue to a temporary folder, which lives until the wheel is built, and include it."""
        if version == "editable":
            return
        self.compiled = TemporaryDirectory(prefix="prep-bot-catalogues-")
        for source in sorted(Path(self.root, "locales").glob("*/LC_MESSAGES/prep_bot.po")):
            locale = source.parent.parent.name
            compiled = Path(self.compiled.name, f"{locale}.mo")
            with source.open("rb") as po, compiled.open("wb") as mo:
                write_mo(mo, read_po(po, locale=locale, abort_invalid=True))
            build_data["force_include"][str(compiled)] = f"prep_bot/locales/{locale}/LC_MESSAGES/prep_bot.mo"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove the temporary folder."""
        if version != "editable":
            self.compiled.cleanup()
