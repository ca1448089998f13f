"""Logging: events and ids to standard error, one line each, without secrets.

Only this program's own events are heard below the level of a warning: the libraries tell what they send.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from typing import Literal

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

LogFormat = Literal["console", "json"]

REDACTED = "[redacted]"

_OURS = ("prep_bot", "handlers", "scheduler")

_BOT_TOKEN = r"\d{6,}(?::|%3[Aa])[A-Za-z0-9_-]{20,}"  # noqa: S105 -- what tokens look like, also within an address


def configure(log_format: LogFormat, level: str, secrets: Iterable[str] = ()) -> None:
    """Send what structlog and the standard library log to standard error, from `level` (such as INFO) upwards.

    Neither the `secrets` nor anything that looks like a bot's token is ever written.
    """
    prepare: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *prepare,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=prepare,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_render(log_format),
                _Redact(secrets),
            ],
        )
    )
    threshold = logging.getLevelNamesMapping()[level]
    logging.root.handlers = [handler]
    logging.root.setLevel(max(threshold, logging.WARNING))
    for name in _OURS:
        logging.getLogger(name).setLevel(threshold)


def _render(log_format: LogFormat) -> list[Processor]:
    """Return what makes a line of an event. Tracebacks are plain: prettier ones show local variables."""
    if log_format == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    ]


class _Redact:
    """The last step. It sees the finished line, so that nothing hides from it: no key, no traceback, no `repr`."""

    def __init__(self, secrets: Iterable[str]) -> None:
        written = {form for secret in secrets if secret for form in (secret, _in_json(secret))}
        # The longer first: a secret may begin with another one.
        alternatives = [re.escape(form) for form in sorted(written, key=len, reverse=True)]
        self._pattern = re.compile("|".join([*alternatives, _BOT_TOKEN]))

    def __call__(self, _logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        return self._pattern.sub(REDACTED, str(line))


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
