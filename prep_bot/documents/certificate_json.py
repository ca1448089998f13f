"""A constancia as data, and the check of such a file: each entry against its hash, and what is told against them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from prep_bot.documents.wording import mark, number_of, plain, position_of
from prep_bot.domain.chain import Entry
from prep_bot.domain.history import GROUP, Happening, histories
from prep_bot.i18n import DEFAULT_LOCALE, speaking
from prep_bot.services.certificates import Certificate, Head, Notified
from prep_bot.services.papers import Named
from prep_bot.texts.certificates import statements

FORMAT = "prep-bot constancia 1"


@dataclass(frozen=True)
class Claims:
    """What a constancia's file claims of the log, if it can be read at all."""

    commission: str
    convocation: int
    number: int
    head: Head
    hashes: dict[int, str]
    """Of its entries, by their numbers."""


def certificate_json(certificate: Certificate, pdf_sha256: str) -> bytes:
    """Return the constancia as data; `pdf_sha256` is that of the convocation as made from the same data."""
    paper, zone = certificate.paper, certificate.paper.zone
    with speaking(DEFAULT_LOCALE):
        told = [plain(statement) for statement in statements()]
        data = {
            "format": FORMAT,
            "mark": plain(mark()) if paper.simulated else None,
            "statements": told,
            "commission": {
                "key": certificate.commission,
                "name": paper.commission,
                "institution": paper.institution,
            },
            "number": certificate.number,
            "issued_at": _local(certificate.issued_at, zone),
            "issued_by": _named(certificate.issued_by),
            "convocation": {
                "id": paper.convocation_id,
                "number": number_of(paper),
                "session": paper.meeting_number,
                "version": paper.version,
                "correction": paper.correction,
                "made_at": _local(paper.made_at, zone),
                "made_by": _named(paper.made_by),
                "sends_at": _local(paper.sends_at, zone),
                "standing": paper.standing.value,
                "ended_at": _local(paper.ended_at, zone) if paper.ended_at else None,
                "reason": paper.reason,
                "particulars": paper.particulars.model_dump(mode="json"),
                "term": paper.term,
                "term_reason": paper.term_reason,
                "document_sha256": pdf_sha256,
                "signed": asdict(paper.signed) if paper.signed else None,
            },
            "people": [_person(person, zone) for person in certificate.people],
            "log": {
                "entries": [_entry(entry, digest) for entry, digest in certificate.entries],
                "head": asdict(certificate.head),
            },
        }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _named(person: Named) -> dict[str, str]:
    return {"name": person.name, "position": position_of(person)}


def _person(person: Notified, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": person.person_id or None,
        "name": person.name,
        "role": person.role.value if person.role else None,
        "happened": [_happening(happening, zone) for happening in person.happened],
        "told_means": person.told_means,
        "answer": person.answer.value if person.answer else None,
        "substitute": person.substitute,
        "convened": person.convened,
    }


def _happening(happening: Happening, zone: ZoneInfo) -> dict[str, Any]:
    return {**asdict(happening), "at": _local(happening.at, zone)}


def _entry(entry: Entry, digest: str) -> dict[str, Any]:
    return {"sequence": entry.sequence, "canonical": entry.canonical, "previous": entry.previous, "hash": digest}


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return instant.astimezone(zone).isoformat()


def check(content: bytes) -> tuple[Claims | None, list[str]]:
    """Return what a constancia's file claims, and what is wrong with it by itself."""
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            return None, [f"it is no constancia of this program: its format is {data['format']!r}"]
        written = data["log"]["entries"]
        claims = Claims(
            commission=data["commission"]["key"],
            convocation=data["convocation"]["id"],
            number=data["number"],
            head=Head(**data["log"]["head"]),
            hashes={row["sequence"]: row["hash"] for row in written},
        )
        return claims, [*_of_entries(written, claims.head), *_of_people(data, written)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return None, [f"it is no constancia, or a part of it was taken out ({type(error).__name__}: {error})"]


def _of_entries(written: list[dict[str, Any]], head: Head) -> Iterator[str]:
    for row in written:
        entry = _read(row["canonical"])
        if (entry.sequence, entry.previous, entry.hash) != (row["sequence"], row["previous"], row["hash"]):
            yield f"entry {row['sequence']} is not what its hash says"
        elif entry.canonical != row["canonical"]:
            yield f"entry {row['sequence']} is not written as it was hashed"
    for before, after in pairwise(written):
        if after["sequence"] <= before["sequence"]:
            yield f"entry {after['sequence']} is out of its order"
        elif after["sequence"] == before["sequence"] + 1 and after["previous"] != before["hash"]:
            yield f"entry {after['sequence']} does not follow entry {before['sequence']}"
    if written and written[-1]["sequence"] > head.sequence:
        yield f"the head, {head.sequence}, comes before the last entry"
    if written and written[-1]["sequence"] == head.sequence and written[-1]["hash"] != head.hash:
        yield f"the head, {head.sequence}, is not that entry"


def _of_people(data: dict[str, Any], written: list[dict[str, Any]]) -> Iterator[str]:
    """Compare what is told of each person with what the entries tell."""
    if len({person["id"] or GROUP for person in data["people"]}) != len(data["people"]):
        yield "somebody is listed twice"
    told = histories(_read(row["canonical"]) for row in written)
    listed = {person["id"] or GROUP: person for person in data["people"]}
    zone = {person: [_plain(h) for h in found["happened"]] for person, found in listed.items()}
    for person, found in listed.items():
        if zone[person] != [_plain(asdict(h)) for h in told.get(person, ())]:
            yield f"what is told of {found['name'] or 'the group'} is not what the entries tell"
    for person in told.keys() - listed.keys():
        yield f"person {person}, of whom the entries tell, is not listed"


def _plain(happening: dict[str, Any]) -> dict[str, Any]:
    at = happening["at"]
    return {**happening, "at": (datetime.fromisoformat(at) if isinstance(at, str) else at).timestamp()}


def _read(canonical: str) -> Entry:
    fields = json.loads(canonical)
    return Entry(**{**fields, "at": datetime.fromisoformat(fields["at"])})


def differences(content: bytes, original: bytes) -> list[str]:
    """Return where a constancia's file is not as it was issued: paths within the data."""
    return list(_differing("", json.loads(content), json.loads(original)))


def _differing(path: str, found: Any, issued: Any) -> Iterator[str]:
    if isinstance(found, dict) and isinstance(issued, dict):
        for key in dict.fromkeys([*issued, *found]):
            yield from _differing(f"{path}.{key}".lstrip("."), found.get(key), issued.get(key))
    elif isinstance(found, list) and isinstance(issued, list) and len(found) == len(issued):
        for place, (one, other) in enumerate(zip(found, issued, strict=True)):
            yield from _differing(f"{path}[{place}]", one, other)
    elif found != issued:
        yield path


def against(claims: Claims, hashes: dict[int, str]) -> Iterable[str]:
    """Return what a constancia claims of the log that is not so: `hashes` are the log's, by the entries' numbers."""
    if hashes.get(claims.head.sequence) != claims.head.hash:
        yield f"its head, entry {claims.head.sequence}, is not in the log: one of the two was rewritten"
    for sequence, digest in claims.hashes.items():
        if hashes.get(sequence) != digest:
            yield f"entry {sequence} is not the log's"
