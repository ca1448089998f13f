"""Keep the gettext catalogues in step with the source code.

    python tools/catalogues.py           rewrite locales/prep_bot.pot and every locales/*/LC_MESSAGES/prep_bot.po
    python tools/catalogues.py --check   write nothing; tell, with exit code 1, what is out of date or wrong

The files carry no dates, line numbers or tool versions: they change when a message changes, and only then.
A new language starts as an empty `locales/<locale>/LC_MESSAGES/prep_bot.po`.
"""

import argparse
import ast
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from functools import reduce
from operator import and_, or_
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileError, read_po, write_po

DOMAIN = "prep_bot"
SOURCE_LOCALE = "es_MX"
PACKAGES = ("prep_bot", "handlers", "scheduler")
KEYWORDS = {"t": None, "tn": (1, 2)}

HEADER = r"""# Words of prep-bot, kept in step by `make catalogues`. The source language is Mexican Spanish.
msgid ""
msgstr ""
"Project-Id-Version: prep-bot\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"""

_TAG = re.compile(r"</?[a-z][^>]*>")


def main(arguments: list[str] | None = None, root: Path = Path(__file__).parent.parent) -> int:
    """Rewrite or check the catalogues beneath `root`; return the exit code."""
    parser = argparse.ArgumentParser(description="Keep the gettext catalogues in step with the source code.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is out of date")
    check = parser.parse_args(arguments).check

    problems = []
    for path, content in fresh_files(root):
        if path.is_file() and path.read_bytes() == content:
            continue
        if check:
            problems.append(f"{path.relative_to(root)}: out of date; run `make catalogues` and commit the result.")
        else:
            path.write_bytes(content)
            print(f"{path.relative_to(root)}: written.")
    problems += [*unreachable_words(root), *mismatches(root)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def fresh_files(root: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield each catalogue file beneath `root` with the content that it should have."""
    template = Catalog()
    for package in PACKAGES:
        for _file, _line, found, _comments, _context in extract_from_dir(
            root / package, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            template.add(found)
    yield root / "locales" / f"{DOMAIN}.pot", _rendered(template)

    for locale, path in _catalogues(root):
        catalogue = _read(path, locale)
        catalogue.update(deepcopy(template), no_fuzzy_matching=True)
        if locale == SOURCE_LOCALE:
            _fill_from_source(catalogue)
        languages = f'"Language: {locale}\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n'
        yield path, _rendered(catalogue, languages)


def unreachable_words(root: Path) -> Iterator[str]:
    """Yield each call of `t` or `tn` whose words are not literal: no catalogue will ever have them."""
    for path in sorted(file for package in PACKAGES for file in (root / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            match node:
                case ast.Call(func=ast.Name(id="t"), args=[ast.Constant(value=str()), *_]):
                    pass
                case ast.Call(func=ast.Name(id="tn"), args=[ast.Constant(value=str()), ast.Constant(value=str()), *_]):
                    pass
                case ast.Call(func=ast.Name(id="t" | "tn" as name)):
                    place = f"{path.relative_to(root)}:{node.lineno}"
                    yield f"{place}: write the words of {name}() as literal strings, or no catalogue has them."


def mismatches(root: Path) -> Iterator[str]:
    """Yield each translation whose {fields} or <tags> are not those of its source: it would break a message."""
    for locale, path in _catalogues(root):
        for message in _read(path, locale):
            sources, translations = _forms(message.id), _forms(message.string)
            if message.id and not all(_fits(translation, sources) for translation in translations if translation):
                place = f"{path.relative_to(root)}: translation of {sources[0]!r}"
                yield f"{place}: give it exactly the {{fields}} and <tags> of the source."


def _fits(translation: str, sources: tuple[str, ...]) -> bool:
    """Tell whether the translation has what every form of the source has, and nothing that none has."""
    try:
        own, theirs = _marks(translation), [_marks(source) for source in sources]
    except ValueError:  # a lone brace
        return False
    return reduce(and_, theirs) <= own <= reduce(or_, theirs)


def _marks(text: str) -> Counter[str]:
    fields = {f"{{{field}}}" for _, field, _, _ in Formatter().parse(text) if field is not None}
    return Counter(fields) + Counter(_TAG.findall(text))


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (text or "",)


def _catalogues(root: Path) -> list[tuple[str, Path]]:
    """Return each locale with its file."""
    return [(path.parts[-3], path) for path in sorted(root.glob(f"locales/*/LC_MESSAGES/{DOMAIN}.po"))]


def _read(path: Path, locale: str) -> Catalog:
    try:
        with path.open("rb") as po:
            return read_po(po, locale=locale, abort_invalid=True)
    except PoFileError as error:
        sys.exit(f"{path}: correct the file by hand: {error}")


def _fill_from_source(catalogue: Catalog) -> None:
    for message in catalogue:
        if message.id and (message.fuzzy or not all(_forms(message.string))):
            message.string = message.id
            message.flags.discard("fuzzy")


def _rendered(catalogue: Catalog, languages: str = "") -> bytes:
    for message in catalogue:
        message.flags.discard("python-format")  # "50 % de avance" is no % format
    body = io.BytesIO()
    write_po(body, catalogue, omit_header=True, sort_output=True, ignore_obsolete=True, width=0)
    return f"{HEADER}{languages}\n{body.getvalue().decode().strip()}\n".encode()


if __name__ == "__main__":
    sys.exit(main())
