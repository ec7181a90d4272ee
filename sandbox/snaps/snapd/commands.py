"""The command line of `snap`. It refuses unknown commands and flags by their names."""

import os
import sys

from snapd import changes, listing, state, units
from snapd.errors import SnapError
from snapd.folders import Folders

FLAGS = {
    "install": {"--classic": False, "--channel": True},
    "refresh": {"--classic": False, "--channel": True},
    "remove": {"--purge": False},
    "list": {},
    "info": {},
    "services": {},
    "start": {},
    "stop": {},
    "restart": {},
    "wait": {},
    "version": {},
}
CHANGING = ("install", "refresh", "remove", "start", "stop", "restart")
RISK_FLAGS = ("--stable", "--candidate", "--beta", "--edge")

USAGE = f"""usage: snap <command> [<options>...]

The snap command of the sandbox's machine. It installs from the local store of the machine.
Commands: {", ".join(FLAGS)}"""


def parse(command: str, arguments: list[str]) -> tuple[dict[str, str], list[str]]:
    """Splits arguments into flags and names.

    >>> parse("install", ["microk8s", "--channel=1.34/stable", "--classic"])
    ({'--channel': '1.34/stable', '--classic': ''}, ['microk8s'])
    """
    known = FLAGS[command]
    flags: dict[str, str] = {}
    names: list[str] = []
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if not argument.startswith("-"):
            names.append(argument)
            continue
        flag, equals, value = argument.partition("=")
        if "--channel" in known and flag in RISK_FLAGS:
            flag, equals, value = "--channel", "=", flag.removeprefix("--")
        if flag not in known:
            raise SnapError(f"unknown flag `{flag.lstrip('-')}'")
        if known[flag] and not equals:
            if not rest:
                raise SnapError(f"expected argument for flag `{flag}'")
            value = rest.pop(0)
        flags[flag] = value
    return flags, names


def one_name(names: list[str]) -> str:
    if not names:
        raise SnapError("the required argument `<snap> (at least 1 argument)` was not provided")
    if len(names) > 1:
        raise SnapError("this machine's snap command accepts one snap at a time")
    return names[0]


def control(folders: Folders, action: str, names: list[str]) -> None:
    """Starts, stops or restarts all daemons of a snap, or the daemon `snap.app`."""
    snap, _, app = one_name(names).partition(".")
    installed = state.read(folders).get(snap)
    if installed is None or (app and app not in installed.services):
        raise SnapError(f'snap "{snap}" not found' if installed is None else f'snap "{snap}" has no service "{app}"')
    apps = [app] if app else installed.services
    if action in ("stop", "restart"):
        units.stop(folders, snap, apps)
    if action in ("start", "restart"):
        units.systemctl("start", *(units.unit_name(snap, each) for each in apps))
    print({"start": "Started.", "stop": "Stopped.", "restart": "Restarted."}[action])


def run(command: str, flags: dict[str, str], names: list[str]) -> None:
    folders = Folders.of_this_machine()
    if command in CHANGING and os.geteuid() != 0:
        raise SnapError("access denied (try with sudo)")
    if command == "install":
        changes.install(folders, one_name(names), flags.get("--channel"), "--classic" in flags)
    elif command == "refresh":
        changes.refresh(folders, one_name(names), flags.get("--channel"))
    elif command == "remove":
        changes.remove(folders, one_name(names), "--purge" in flags)
    elif command in ("start", "stop", "restart"):
        control(folders, command, names)
    elif command == "list":
        listing.list_snaps(folders, names)
    elif command == "info":
        listing.info(folders, [one_name(names)])
    elif command == "services":
        listing.services(folders, names)
    elif command == "version":
        listing.version()
    elif names != ["system", "seed.loaded"]:
        raise SnapError("this machine's snap command can only wait for `system seed.loaded`")


def main(arguments: list[str]) -> int:
    """Runs one command and returns its exit code."""
    if not arguments or arguments[0] in ("help", "--help", "-h"):
        print(USAGE)
        return 0
    command, *rest = arguments
    try:
        if command not in FLAGS:
            raise SnapError(f"unknown command \"{command}\", see 'snap help'.", exit_code=64)
        run(command, *parse(command, rest))
    except SnapError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0
