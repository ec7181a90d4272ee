"""The files `args/PROGRAM`, one flag per line: what a program is started with, and the operator may change."""

import os

from microk8s import files
from microk8s.paths import ARGUMENTS


def read(program: str) -> list[str]:
    """The flags of a program, as written."""
    lines = (ARGUMENTS / program).read_text().splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def expanded(program: str) -> list[str]:
    """The flags of a program with ${SNAP_DATA} and the like put in."""
    return [os.path.expandvars(flag) for flag in read(program)]


def value(program: str, flag: str) -> str | None:
    """What `--flag=` is set to."""
    for line in read(program):
        name, _, told = line.partition("=")
        if name == f"--{flag}":
            return told
    return None


def set_value(program: str, flag: str, told: str) -> bool:
    """Sets `--flag=`; tells whether anything changed."""
    if value(program, flag) == told:
        return False
    others = [line for line in read(program) if line.partition("=")[0] != f"--{flag}"]
    files.write(ARGUMENTS / program, "\n".join([*others, f"--{flag}={told}"]) + "\n")
    return True
