"""The files `args/PROGRAM` with the flags of each program, one flag per line. The operator may edit them."""

import os

from microk8s import files
from microk8s.paths import ARGUMENTS


def read(program: str) -> list[str]:
    """The flags of a program as they are in its file."""
    lines = (ARGUMENTS / program).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def expanded(program: str) -> list[str]:
    """The flags of a program with environment variables such as ${SNAP_DATA} replaced by their values."""
    return [os.path.expandvars(flag) for flag in read(program)]


def value(program: str, flag: str) -> str | None:
    """The value of `--flag=`; None when the flag is not set."""
    for line in read(program):
        name, _, current = line.partition("=")
        if name == f"--{flag}":
            return current
    return None


def set_value(program: str, flag: str, new_value: str) -> bool:
    """Sets `--flag=`. Returns whether the value changed."""
    if value(program, flag) == new_value:
        return False
    others = [line for line in read(program) if line.partition("=")[0] != f"--{flag}"]
    files.write(ARGUMENTS / program, "\n".join([*others, f"--{flag}={new_value}"]) + "\n")
    return True
