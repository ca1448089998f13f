"""What reaches the log, in what form, and that no secret does."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from prep_bot.logging import LogFormat, configure

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_0123"
PASSWORD = 'open "sesame" ñ'


@pytest.fixture(autouse=True)
def _leave_logging_as_it_was() -> Iterator[None]:
    names = ("prep_bot", "handlers", "scheduler")
    root, levels = logging.root.handlers, [logging.getLogger(name).level for name in names]
    root_level = logging.root.level
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.root.handlers = root
    logging.root.setLevel(root_level)
    for name, level in zip(names, levels, strict=True):
        logging.getLogger(name).setLevel(level)


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_an_event_is_one_line_of_json_with_its_ids(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "INFO")
    structlog.contextvars.bind_contextvars(update_id=9)
    structlog.get_logger("prep_bot.gateway").info("delivered", delivery=5)
    [event] = events(capsys)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "delivered",
        "delivery": 5,
        "update_id": 9,
        "level": "info",
        "logger": "prep_bot.gateway",
    }


def test_the_standard_library_logs_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "INFO")
    structlog.contextvars.bind_contextvars(update_id=9)
    logging.getLogger("handlers.pending").info("answered %s", "/pendientes")
    [event] = events(capsys)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "answered /pendientes",
        "update_id": 9,
        "level": "info",
        "logger": "handlers.pending",
    }


@pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING", "ERROR"])
def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str], level: str) -> None:
    configure("json", level)
    every = ["DEBUG", "INFO", "WARNING", "ERROR"]
    for name in ("scheduler", "httpx"):
        for each in every:
            logging.getLogger(name).log(getattr(logging, each), each)
    for each in every:
        getattr(structlog.get_logger("prep_bot"), each.lower())(each)
    heard: dict[str, list[str]] = {}
    for event in events(capsys):
        heard.setdefault(event["logger"], []).append(event["event"])
    ours = every[every.index(level) :]
    assert heard == {"scheduler": ours, "prep_bot": ours, "httpx": [each for each in ours if each in every[2:]]}


def test_nothing_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    configure("console", "INFO")
    structlog.get_logger("prep_bot").info("started")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "started" in captured.err
    assert "\x1b" not in captured.err


def test_to_configure_again_replaces_what_was(capsys: pytest.CaptureFixture[str]) -> None:
    configure("console", "DEBUG")
    configure("json", "INFO")
    logging.getLogger("prep_bot").info("once")
    assert [event["event"] for event in events(capsys)] == ["once"]


def _fail(secret: str) -> None:
    raise ValueError(f"https://api.telegram.org/bot{secret}/getMe")


@pytest.mark.parametrize("log_format", ["console", "json"])
@pytest.mark.parametrize("secret", [TOKEN, TOKEN.replace(":", "%3A"), PASSWORD, "tk:short"])
def test_no_secret_is_ever_written(capsys: pytest.CaptureFixture[str], log_format: LogFormat, secret: str) -> None:
    configure(log_format, "INFO", [PASSWORD, "", "tk", "tk:short"])
    logger = structlog.get_logger("prep_bot")
    logger.info(
        f"event {secret} of it", value=secret, nested={"list": [f"a{secret}"], secret: 1}, error=OSError(secret)
    )
    for log in (logger, logging.getLogger("telegram")):
        try:
            _fail(secret)
        except ValueError as error:
            error.add_note(f"with {secret}")
            log.exception("failed")
    logging.getLogger("telegram").warning("polling %s", secret)
    written = capsys.readouterr().err
    assert secret not in written
    assert secret.encode("unicode_escape").decode() not in written
    assert json.dumps(secret)[1:-1] not in written
    assert "short" not in written
    assert written.count("[redacted]") >= 9
    assert "ValueError" in written
    assert "_fail(" in written


def test_what_only_resembles_a_token_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    configure("json", "INFO")
    cause = "reminder:12:2021-11-11T15:00:00+00:00:24:123456789:short"
    structlog.get_logger("prep_bot").info("queued", cause=cause)
    assert events(capsys)[0]["cause"] == cause


def test_a_traceback_shows_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    configure("console", "INFO")
    try:
        _fail("x" * 3)
    except ValueError:
        structlog.get_logger("prep_bot").exception("failed")
    assert capsys.readouterr().err.count("xxx") == 1
