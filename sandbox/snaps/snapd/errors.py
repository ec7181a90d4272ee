"""The errors that the `snap` command prints as `error: …`."""


class SnapError(Exception):
    """A mistake of the caller. It is printed without a stack trace, and the program ends with `exit_code`."""

    def __init__(self, message: str, exit_code: int = 1):
        super().__init__(message)
        self.exit_code = exit_code
