"""The errors that the command prints as `error: …`."""


class SnapError(Exception):
    """A mistake of the caller: told without a stack trace, ends the program with `exit_code`."""

    def __init__(self, message: str, exit_code: int = 1):
        super().__init__(message)
        self.exit_code = exit_code
