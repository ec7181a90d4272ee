"""The error that ends a command without a stack trace."""


class CommandError(Exception):
    """The command cannot run as requested. Its message is printed, and the command ends with `exit_code`."""

    def __init__(self, message: str, exit_code: int = 1):
        super().__init__(message)
        self.exit_code = exit_code
