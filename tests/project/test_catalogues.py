"""The catalogues hold every visible word, in step with the code, and the program can speak another language."""

import gettext
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from prep_bot.i18n import speaking, t, tn, use_catalogues
from tests.support.pseudo import disguised, escaped_words, plain_words, pseudo_catalogue
from tools import catalogues

ROOT = Path(__file__).parents[2]
SOURCE = """
from prep_bot.i18n import t, tn

GREETING = t("Buenas tardes, <b>{name}</b>.", name="Ana")
PENDING = tn("{n} actividad", "{n} actividades", 2)
DONE = t("50 % de avance")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project: three messages, a catalogue in Spanish and one in French, just written by the tool."""
    for package in catalogues.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "handlers" / "greeting.py").write_text(SOURCE)
    for locale in ("es_MX", "fr"):
        _po(tmp_path, locale).parent.mkdir(parents=True)
        _po(tmp_path, locale).touch()
    assert catalogues.main([], tmp_path) == 0
    return tmp_path


@pytest.fixture
def own_catalogues(tmp_path: Path) -> Iterator[Path]:
    """An institution's own folder of catalogues; taken away afterwards."""
    folder = tmp_path / "own"
    folder.mkdir()
    yield folder
    use_catalogues(None)


def _po(root: Path, locale: str) -> Path:
    return root / "locales" / locale / "LC_MESSAGES" / "prep_bot.po"


def _translate(root: Path, source: str, translation: str) -> None:
    """Replace, in the French catalogue, the empty translation of one message."""
    po = _po(root, "fr")
    before = po.read_text("utf-8")
    po.write_text(before.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{translation}"'), "utf-8")
    assert po.read_text("utf-8") != before


def test_the_catalogues_of_the_program_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogues.main(["--check"]) == 0, capsys.readouterr().err


def test_spanish_has_two_plural_forms() -> None:
    assert '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"' in _po(ROOT, "es_MX").read_text("utf-8")
    plural = gettext.c2py("n != 1")  # type: ignore[attr-defined]
    assert [plural(n) for n in (0, 1, 2, 1_000_000)] == [1, 0, 1, 1]


def test_the_source_language_is_filled_in_and_others_wait_for_a_translator(project: Path) -> None:
    spanish, french = _po(project, "es_MX").read_text("utf-8"), _po(project, "fr").read_text("utf-8")
    assert 'msgstr "Buenas tardes, <b>{name}</b>."' in spanish
    assert 'msgstr[0] "{n} actividad"\nmsgstr[1] "{n} actividades"' in spanish
    assert 'msgid "Buenas tardes, <b>{name}</b>."\nmsgstr ""' in french
    assert "python-format" not in spanish


def test_the_files_change_only_with_the_messages(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*.po*")}
    (project / "handlers" / "greeting.py").write_text("\n\n\n" + SOURCE)
    assert catalogues.main(["--check"], project) == 0
    assert catalogues.main([], project) == 0
    assert {path: path.read_bytes() for path in project.rglob("*.po*")} == before


def test_a_new_message_makes_every_file_stale(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "scheduler" / "word.py").write_text('from prep_bot.i18n import t\n\nWORD = t("Sesión")\n')
    assert catalogues.main(["--check"], project) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == [
        "locales/prep_bot.pot",
        "locales/es_MX/LC_MESSAGES/prep_bot.po",
        "locales/fr/LC_MESSAGES/prep_bot.po",
    ]
    assert all("run `make catalogues`" in line for line in told)


def test_a_message_that_gains_or_loses_its_plural_is_filled_in_again(project: Path) -> None:
    source = project / "handlers" / "greeting.py"
    plural = SOURCE.replace('t("50 % de avance")', 'tn("50 % de avance", "{n} % de avance", 50)')
    for code, filled in (
        (plural, 'msgstr[0] "50 % de avance"\nmsgstr[1] "{n} % de avance"'),
        (SOURCE, 'msgid "50 % de avance"\nmsgstr "50 % de avance"'),
    ):
        source.write_text(code)
        assert catalogues.main([], project) == 0
        spanish = _po(project, "es_MX").read_text("utf-8")
        assert filled in spanish
        assert "fuzzy" not in spanish


def test_a_corrected_wording_is_kept(project: Path) -> None:
    po = _po(project, "es_MX")
    po.write_text(po.read_text("utf-8").replace('msgstr "50 % de avance"', 'msgstr "50 % avanzado"'), "utf-8")
    assert catalogues.main([], project) == 0
    assert 'msgstr "50 % avanzado"' in po.read_text("utf-8")


@pytest.mark.parametrize(
    "translation",
    [
        "Bonsoir.",
        "Bonsoir, <b>{nombre}</b>.",
        "Bonsoir, {name}.",
        "Bonsoir, <b>{name}</b> {name} </b>.",
        "Bonsoir, <b>{name</b>.",
    ],
)
def test_a_translation_that_would_break_a_message_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], translation: str
) -> None:
    _translate(project, "Buenas tardes, <b>{name}</b>.", translation)
    assert catalogues.main(["--check"], project) == 1
    assert "{fields} and <tags>" in capsys.readouterr().err


def test_a_translation_with_the_same_fields_is_accepted(project: Path) -> None:
    _translate(project, "Buenas tardes, <b>{name}</b>.", "Bien bonsoir, <b>{name}</b>.")
    assert catalogues.main(["--check"], project) == 0


@pytest.mark.parametrize("call", ["t(word)", 't(f"Sesión {word}")', 'tn("{n} acta", word, 2)', "tn(*words)"])
def test_words_that_no_catalogue_can_have_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str], call: str
) -> None:
    (project / "handlers" / "later.py").write_text(f"def later(word, words):\n    return {call}\n")
    assert catalogues.main(["--check"], project) == 1
    assert "handlers/later.py:2" in capsys.readouterr().err


def test_a_broken_catalogue_is_named(project: Path) -> None:
    _po(project, "fr").write_text('msgid "sin comilla\n')
    with pytest.raises(SystemExit, match=r"fr/LC_MESSAGES/prep_bot\.po: correct the file"):
        catalogues.main(["--check"], project)


def test_an_institution_can_change_the_wording_without_a_release(own_catalogues: Path) -> None:
    po = own_catalogues / "es_MX" / "LC_MESSAGES" / "prep_bot.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid "Buenas tardes, {name}."\nmsgstr "Distinguida {name}:"\n', "utf-8")
    use_catalogues(own_catalogues)
    assert t("Buenas tardes, {name}.", name="Ana") == "Distinguida Ana:"
    assert t("Otra frase.") == "Otra frase."
    assert tn("{n} acta", "{n} actas", 3) == "3 actas"
    use_catalogues(None)
    assert t("Buenas tardes, {name}.", name="Ana") == "Buenas tardes, Ana."


def test_a_folder_of_catalogues_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="nowhere"):
        use_catalogues(tmp_path / "nowhere")


def test_a_second_language_speaks_every_message(own_catalogues: Path) -> None:
    pseudo_catalogue(own_catalogues)
    use_catalogues(own_catalogues)
    with (ROOT / "locales" / "prep_bot.pot").open("rb") as template:
        messages = [message.id for message in read_po(template) if message.id]
    with speaking("qps"):
        for message in messages:
            forms = [message] if isinstance(message, str) else list(message)
            fields = {field: 2 for form in forms for _, field, _, _ in Formatter().parse(form) if field}
            spoken = t(forms[0], **fields) if len(forms) == 1 else tn(forms[0], forms[1], fields.pop("n", 2), **fields)
            assert not escaped_words(spoken), spoken


def test_words_are_disguised_and_nothing_else() -> None:
    assert disguised("Sesión <b>{title}</b> &amp; /acta") == "⟦Šėšįøň <b>{title}</b> &amp; /acta⟧"


def test_words_that_escaped_gettext_are_found() -> None:
    text = "⟦Ħøľȧ ⟦Šėšįøň⟧ Ana⟧ <b>pendiente</b> ⟦ẋ⟧ 3 /ayuda https://example.org/a ⟦ý⟧ &amp; días"
    assert escaped_words(text) == ["pendiente", "días"]
    assert plain_words(text) == ["Ana", "pendiente", "días"]
