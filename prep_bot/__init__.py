"""prep-bot: the clerk's work of an electoral commission, in a Telegram chat."""

from importlib.metadata import version

__version__ = version("prep-bot")
