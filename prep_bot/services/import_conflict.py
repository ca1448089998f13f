"""Why a plan cannot be imported as it is."""


class ImportConflictError(Exception):
    """The file contradicts what has already happened; the message says what to do."""
