"""Which addresses Telegram takes for links, in texts and under buttons."""

import re

_LINK = re.compile(
    r"(?:https?://)?(?:[^/?#]*@)?(?P<host>[^/?#@:]+)(?::(?P<port>[0-9]{1,5}))?(?:[/?#]|$)", re.IGNORECASE
)
_TELEGRAM_LINK = re.compile(r"tg:(?://)?[a-z0-9_-]+(?:[/?#]|$)", re.IGNORECASE)
_HOST = re.compile(r"[a-zA-Z0-9._~!$,*'();&+=\u0080-\U0010ffff-]+")


def is_link(url: str) -> bool:
    """Return whether Telegram takes the address for a link: the web's (a scheme is optional) or its own `tg:`."""
    if url[:3].lower() == "tg:":
        return _TELEGRAM_LINK.match(url) is not None
    link = _LINK.match(url)
    if link is None or not _HOST.fullmatch(link["host"]) or "." not in link["host"] or link["host"] == ".":
        return False
    return link["port"] is None or 0 < int(link["port"]) <= 65535
