"""What ends a command without a stack trace."""


class Refused(Exception):
    """The command cannot be done as asked: its message is printed and the exit code is not 0."""

    def __init__(self, message: str, exit_code: int = 1):
        super().__init__(message)
        self.exit_code = exit_code
