"""Everything that runs in pods, ended at once: on `microk8s stop` and when the snap is removed."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from microk8s import api
from microk8s.paths import COMMON, CONTAINERD_SOCKET

CGROUPS = Path("/sys/fs/cgroup")
PODS = "kubepods"
SECONDS_TO_END_WELL = 4
SECONDS_TO_END = 10


def pod_groups() -> list[Path]:
    """The cgroups of all pods, one per controller, or one when there is only one hierarchy."""
    return [group for group in (CGROUPS / PODS, *CGROUPS.glob(f"*/{PODS}")) if group.is_dir()]


def processes_in(group: Path) -> set[int]:
    """Processes in a cgroup and in those below it; a cgroup may go while it is read."""
    found: set[int] = set()
    for file in group.rglob("cgroup.procs"):
        try:
            found.update(int(line) for line in file.read_text().split())
        except OSError:
            continue
    return found


def shims() -> set[int]:
    """The processes that hold the containers of this node's containerd."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"containerd-shim" in words[0] and str(CONTAINERD_SOCKET).encode() in words:
            found.add(int(folder.name))
    return found


def kill(processes: set[int]) -> None:
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


def none_left() -> bool:
    """Kills what is left of shims and pods; True when nothing is."""
    left = shims().union(*(processes_in(group) for group in pod_groups()))
    kill(left)
    return not left


def ask_to_end() -> None:
    """Asks the programs of all pods to end and gives them a moment: what they hold is written then."""
    for process in set().union(*(processes_in(group) for group in pod_groups())):
        try:
            os.kill(process, signal.SIGTERM)
        except ProcessLookupError:
            continue
    api.wait_until(lambda: not any(processes_in(group) for group in pod_groups()), SECONDS_TO_END_WELL, pause=0.1)


def end_all() -> None:
    """Ends every container, then takes away its mounts, networks and cgroups."""
    ask_to_end()
    api.wait_until(none_left, SECONDS_TO_END, pause=0.1)
    unmount_below(COMMON)
    remove_networks()
    remove_groups()


def unmount_below(folder: Path) -> None:
    """Unmounts everything that is mounted below a folder, inner mounts first."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    places = [line.split()[4].replace("\\040", " ") for line in lines]
    for place in sorted((each for each in places if each.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "--lazy", place], capture_output=True)


def remove_networks() -> None:
    """Removes the network namespaces of pods; their links go with them."""
    for namespace in Path("/run/netns").glob("cni-*"):
        subprocess.run(["umount", "--lazy", str(namespace)], capture_output=True)
        namespace.unlink(missing_ok=True)
    shutil.rmtree("/run/snap.microk8s/cni", ignore_errors=True)


def remove_groups() -> None:
    """Removes the cgroups of pods, inner ones first; the kernel needs a moment after the last process."""
    end = time.monotonic() + SECONDS_TO_END
    while groups := pod_groups():
        for group in groups:
            for folder in sorted([group, *(each for each in group.rglob("*") if each.is_dir())], reverse=True):
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > end:
                        raise
        time.sleep(0.05)
