"""Words for people: every visible sentence passes through `t` or `tn` and leaves escaped for Telegram's HTML.

The source language of the catalogues is Mexican Spanish (docs/decisions/0002-spanish-source-strings.md).
"""

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from markupsafe import Markup

DEFAULT_LOCALE = "es_MX"
DOMAIN = "prep_bot"

_PACKAGED = Path(__file__).parent / "locales"
_CHECKOUT = Path(__file__).parent.parent / "locales"

_own_catalogues: Path | None = None

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def current_locale() -> str:
    """Return the locale in which words are made now, such as `es_MX`."""
    return _locale.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Make words in `locale` within the block; one without a catalogue gives the source language."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def use_catalogues(folder: Path | None) -> None:
    """Look for words first in `folder/<locale>/LC_MESSAGES/prep_bot.po`; what it lacks stays as shipped.

    So an institution can have its own wording, or a language more, without a release. None takes the folder away.
    Raises NotADirectoryError.
    """
    global _own_catalogues
    if folder is not None and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder of catalogues")
    _own_catalogues = folder
    _translations.cache_clear()


@cache
def _translations(locale: str) -> gettext.NullTranslations:
    chosen = gettext.NullTranslations()
    for folder in (_CHECKOUT, _PACKAGED, _own_catalogues):
        if folder is not None and (catalogue := _catalogue(folder / locale / "LC_MESSAGES", locale)):
            catalogue.add_fallback(chosen)
            chosen = catalogue
    return chosen


def _catalogue(folder: Path, locale: str) -> gettext.GNUTranslations | None:
    compiled, source = folder / f"{DOMAIN}.mo", folder / f"{DOMAIN}.po"
    if compiled.is_file():
        with compiled.open("rb") as mo:
            return gettext.GNUTranslations(mo)
    return _compiled_in_memory(source, locale) if source.is_file() else None


def _compiled_in_memory(source: Path, locale: str) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with source.open("rb") as po:
        write_mo(compiled, read_po(po, locale=locale))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def t(message: str, /, **values: object) -> Markup:
    """Return `message` in the current locale, its `{fields}` filled with `values`, each escaped unless Markup."""
    return Markup(_translations(_locale.get()).gettext(message)).format(**values)  # noqa: S704


def tn(singular: str, plural: str, n: int, /, **values: object) -> Markup:
    """Return the form of the message that fits the number `n`, which fills `{n}` too."""
    chosen = _translations(_locale.get()).ngettext(singular, plural, n)
    return Markup(chosen).format(n=n, **values)  # noqa: S704
