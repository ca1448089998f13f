"""The constancia of the play, checked as whoever receives it would; and a copy in which somebody moved an hour."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from prep_bot.documents.certificate_json import against, check
from prep_bot.services.ledger import Ledger


@dataclass(frozen=True)
class Proof:
    """What the check of a constancia says."""

    entries: int
    """Entries of the log, recomputed."""
    problems: tuple[str, ...]
    """With the constancia as it was issued, or with the log: none."""
    tampered: tuple[str, ...]
    """With the copy that was tampered with."""


async def prove(ledger: Ledger, constancia: bytes) -> Proof:
    """Check the log, the constancia by itself and against the log, and the copy by itself."""
    reports = await ledger.check()
    claims, problems = check(constancia)
    broken = [f"entry {report.broken.sequence} of the log is broken" for report in reports if report.broken]
    found = await ledger.hashes(claims.commission) if claims else None
    compared = against(claims, found or {}) if claims else ()
    return Proof(
        entries=sum(report.sequence for report in reports),
        problems=(*broken, *problems, *compared),
        tampered=tuple(check(tampered(constancia))[1]),
    )


def tampered(constancia: bytes) -> bytes:
    """Return a copy in which the last that happened with the first person is said to have happened an hour before."""
    data = json.loads(constancia)
    happened = data["people"][0]["happened"][-1]
    happened["at"] = (datetime.fromisoformat(happened["at"]) - timedelta(hours=1)).isoformat()
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
