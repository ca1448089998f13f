"""Notices and deliveries: their kinds and their states."""

from enum import StrEnum


class NoticeKind(StrEnum):
    """Why somebody is told something."""

    CONVOCATION = "convocation"
    CHANGE = "change"
    """A convened session got another date, time, place or link: it is convened anew."""
    CALLED_OFF = "called_off"
    """A convened session was cancelled or deferred."""
    REMINDER = "reminder"
    POSTPONED = "postponed"
    """A reminder that the person asked to have again later."""
    CHASE = "chase"
    """To whoever has not acknowledged, and the list of them to the secretary."""
    CONVENE_MISSING = "convene_missing"
    """ "Falta convocar"."""
    QUORUM_RISK = "quorum_risk"
    """To secretary and presidency: with an answer that came, the quorum is no longer to be expected."""
    PETITION = "petition"
    """To voting members: somebody asks for an extraordinary session, and for their signature; or no longer does."""
    PETITION_MAJORITY = "petition_majority"
    """To secretary, presidency and whoever proposed it: a petition has its majority."""
    CERTIFICATE = "certificate"
    """To presidency and secretary: the head of the log's chain, with each constancia that is issued."""
    DATE_MISSING = "date_missing"
    """ "Falta fijar fecha"."""
    DEADLINE = "deadline"
    MONTHLY = "monthly"
    ANNOUNCEMENT = "announcement"
    UNREACHABLE = "unreachable"
    """To the secretary: a person can no longer be reached."""
    RELINKED = "relinked"
    """To the secretary: a person now uses another Telegram account."""

    @property
    def priority(self) -> int:
        """The lower goes first: a convocation before a digest."""
        return _PRIORITIES[self]

    @property
    def resent_when_uncertain(self) -> bool:
        """Whether a message that may have been sent is sent again.

        A doubled reminder is better than a lost one; a doubled digest, chase or announcement is only a nuisance.
        """
        return self not in {NoticeKind.MONTHLY, NoticeKind.CHASE, NoticeKind.ANNOUNCEMENT}

    @property
    def breaks_silence(self) -> bool:
        """Whether it goes out in quiet hours: the secretary chose the moment, or the person did."""
        return self in {
            NoticeKind.CONVOCATION,
            NoticeKind.CHANGE,
            NoticeKind.CALLED_OFF,
            NoticeKind.POSTPONED,
            NoticeKind.ANNOUNCEMENT,
            NoticeKind.QUORUM_RISK,
            NoticeKind.CERTIFICATE,
        }


_PRIORITIES = {
    NoticeKind.CONVOCATION: 10,
    NoticeKind.CHANGE: 10,
    NoticeKind.CALLED_OFF: 10,
    NoticeKind.QUORUM_RISK: 10,
    NoticeKind.PETITION: 20,
    NoticeKind.PETITION_MAJORITY: 20,
    NoticeKind.REMINDER: 20,
    NoticeKind.POSTPONED: 20,
    NoticeKind.CONVENE_MISSING: 30,
    NoticeKind.DATE_MISSING: 30,
    NoticeKind.DEADLINE: 30,
    NoticeKind.UNREACHABLE: 30,
    NoticeKind.CERTIFICATE: 30,
    NoticeKind.RELINKED: 30,
    NoticeKind.ANNOUNCEMENT: 40,
    NoticeKind.CHASE: 50,
    NoticeKind.MONTHLY: 60,
}


class NoticeState(StrEnum):
    """What became of a notice."""

    QUEUED = "queued"
    SENT = "sent"
    """Telegram accepted it: never that it was read."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Its cause went away before it was sent."""
    UNCERTAIN = "uncertain"
    """It may have been sent, and is not sent again."""
    EXPIRED = "expired"
    """It would no longer have helped."""


class DeliveryState(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNCERTAIN = "uncertain"
    EXPIRED = "expired"
