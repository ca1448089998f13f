"""/aviso: text, audience, preview, send once."""

from typing import Any

from handlers.turn import Answer, Command, Family, Reply, Tap, Turn
from prep_bot.domain.announcement import CAPTION_LIMIT, TEXT_LIMIT, Attachment, Audience, length_of
from prep_bot.domain.role import Permission, Role
from prep_bot.services.announcements import (
    AlreadySentError,
    Draft,
    NobodyError,
    NoSuchAnnouncementError,
    OnItsWayError,
    Recipients,
)
from prep_bot.texts import announcements as texts
from prep_bot.texts.actions.announcements import (
    CancelAnnouncement,
    ChooseAudience,
    SendAnnouncement,
    ShowAnnouncement,
)

TEXT = "announcements.text"
READY = "announcements.ready"


async def start(turn: Turn) -> Reply:
    """Ask for the text, or take the one that follows the command."""
    if turn.argument or turn.attachment:
        return await take_text(turn)
    await turn.services.dialogues.begin(turn.actor.person_id, TEXT, commission=turn.seat.commission_id)
    return texts.ask_text()


async def take_text(turn: Turn) -> Reply:
    """Take the text, or a file, or both, besides what came before; then ask to whom it goes."""
    text = turn.argument or turn.data.get("text", "")
    draft: dict[str, Any] = {"commission": turn.seat.commission_id}
    draft |= {key: turn.data.get(key) for key in ("file_id", "attachment", "file_name")}
    if turn.attachment is not None:
        file = turn.attachment
        draft |= {"file_id": file.file_id, "attachment": file.kind, "file_name": file.name}
    attached = draft["file_id"] is not None
    if not text or length_of(text) > (CAPTION_LIMIT if attached else TEXT_LIMIT):
        await turn.services.dialogues.begin(turn.actor.person_id, TEXT, **draft)
        return texts.too_long(length_of(text), attached=attached) if text else texts.text_missing()
    await turn.services.dialogues.begin(turn.actor.person_id, READY, **draft, text=text)
    return texts.choose_audience(turn.seat.commission_id, await turn.services.announcements.audiences(turn.seat))


async def choose_audience(turn: Turn, action: ChooseAudience) -> Reply:
    """Show the announcement as it will arrive, and to whom."""
    prepared = await _prepared(turn)
    audience = _audience(action.audience)
    if prepared is None or audience is None:
        return texts.no_such_draft()
    recipients = await turn.services.announcements.recipients(turn.seat, audience)
    if not recipients.anybody:
        audiences = await turn.services.announcements.audiences(turn.seat)
        return texts.nobody(turn.seat.commission_id, audience, recipients, audiences)
    return await _preview(turn, prepared, audience, recipients)


async def _preview(turn: Turn, prepared: dict[str, Any], audience: Audience | Role, recipients: Recipients) -> Reply:
    # What is sent is what this message shows: a preview of an earlier text, or to others, sends nothing any more.
    shown = {"audience": audience, "preview": turn.message_id}
    await turn.services.dialogues.begin(turn.actor.person_id, READY, **prepared | shown)
    zone = turn.seat.rules.zone
    return texts.preview(turn.seat.commission_id, _draft(prepared), audience, recipients, turn.morning, zone)


async def send(turn: Turn, action: SendAnnouncement) -> Reply:
    """Send it, once; the message becomes the report. What was previewed by day is, at night, anew."""
    prepared = await _prepared(turn)
    audience = _audience(prepared.get("audience", "")) if prepared else None
    if prepared is None or audience is None or prepared["preview"] != turn.message_id:
        return texts.no_such_draft()
    morning = turn.morning
    if morning is not None and not action.at_night:
        recipients = await turn.services.announcements.recipients(turn.seat, audience)
        return await _preview(turn, prepared, audience, recipients)
    sends_at = morning if action.in_the_morning else None
    try:
        announcement_id = await turn.services.announcements.publish(
            turn.seat, READY, _draft(prepared), audience, sends_at
        )
    except AlreadySentError:
        return texts.no_such_draft()
    except NobodyError:
        recipients = await turn.services.announcements.recipients(turn.seat, audience)
        audiences = await turn.services.announcements.audiences(turn.seat)
        return texts.nobody(turn.seat.commission_id, audience, recipients, audiences)
    return await _report(turn, announcement_id)


async def show_report(turn: Turn, action: ShowAnnouncement) -> Reply:
    """Show what became of it by now."""
    return await _report(turn, action.announcement)


async def cancel(turn: Turn, action: CancelAnnouncement) -> Reply:
    """Cancel what waits for the morning."""
    try:
        return texts.cancelled(await turn.services.announcements.cancel(turn.seat, action.announcement))
    except OnItsWayError:
        return texts.on_its_way()


async def _report(turn: Turn, announcement_id: int) -> Reply:
    try:
        receipts = await turn.services.announcements.receipts(turn.seat, announcement_id)
    except NoSuchAnnouncementError:
        return texts.no_such_announcement()
    now, zone = turn.services.clock.now(), turn.seat.rules.zone
    return texts.report(turn.seat.commission_id, announcement_id, receipts, now, zone)


async def _prepared(turn: Turn) -> dict[str, Any] | None:
    """Return what the dialogue has settled, if it is about an announcement of that commission and still goes on."""
    waiting = await turn.services.dialogues.awaited(turn.actor.person_id)
    if waiting is None or waiting.topic != READY or waiting.expired:
        return None
    return waiting.data if waiting.data["commission"] == turn.seat.commission_id else None


def _draft(data: dict[str, Any]) -> Draft:
    kind = data["attachment"]
    return Draft(data["text"], data["file_id"], Attachment(kind) if kind else None, data["file_name"] or "")


def _audience(value: str) -> Audience | Role | None:
    if value in set(Audience):
        return Audience(value)
    return Role(value) if value in set(Role) else None


FAMILY = Family(
    commands=(Command("aviso", Permission.BROADCAST, start),),
    taps=(
        Tap(ChooseAudience, Permission.BROADCAST, choose_audience),
        Tap(SendAnnouncement, Permission.BROADCAST, send),
        Tap(ShowAnnouncement, Permission.BROADCAST, show_report),
        Tap(CancelAnnouncement, Permission.BROADCAST, cancel),
    ),
    answers=tuple(Answer(topic, Permission.BROADCAST, take_text, takes_files=True) for topic in (TEXT, READY)),
)
