"""Stops everything that runs in pods, for `microk8s stop` and for the removal of the snap."""

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
SECONDS_TO_TERMINATE = 4
SECONDS_TO_KILL = 10


def pod_groups() -> list[Path]:
    """The cgroups that contain all pods, one for each hierarchy."""
    return [group for group in (CGROUPS / PODS, *CGROUPS.glob(f"*/{PODS}")) if group.is_dir()]


def processes_in(group: Path) -> set[int]:
    """Processes in a cgroup and in the cgroups below it. A cgroup may disappear during the search."""
    found: set[int] = set()
    for file in group.rglob("cgroup.procs"):
        try:
            found.update(int(line) for line in file.read_text().split())
        except OSError:
            continue
    return found


def shims() -> set[int]:
    """The parent processes of all containers of this node's containerd."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"containerd-shim" in command[0] and str(CONTAINERD_SOCKET).encode() in command:
            found.add(int(folder.name))
    return found


def send_signal(number: signal.Signals, processes: set[int]) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            continue


def kill_all() -> bool:
    """Kills the processes of all pods and their shims. Returns True when there was none."""
    running = shims().union(*(processes_in(group) for group in pod_groups()))
    send_signal(signal.SIGKILL, running)
    return not running


def terminate_all() -> None:
    """Sends SIGTERM to the processes of all pods and waits a moment, so that they can write their data."""
    send_signal(signal.SIGTERM, set().union(*(processes_in(group) for group in pod_groups())))
    api.wait_until(lambda: not any(processes_in(group) for group in pod_groups()), SECONDS_TO_TERMINATE, pause=0.1)


def stop_all() -> None:
    """Stops every container and removes its mounts, networks and cgroups."""
    terminate_all()
    api.wait_until(kill_all, SECONDS_TO_KILL, pause=0.1)
    unmount_below(COMMON)
    remove_networks()
    remove_groups()


def unmount_below(folder: Path) -> None:
    """Unmounts every mount below a folder, inner mounts first."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    mount_points = [line.split()[4].replace("\\040", " ") for line in lines]
    for mount_point in sorted((each for each in mount_points if each.startswith(f"{folder}/")), reverse=True):
        subprocess.run(["umount", "--lazy", mount_point], capture_output=True)


def remove_networks() -> None:
    """Removes the network namespaces of pods. The kernel then removes their links."""
    for namespace in Path("/run/netns").glob("cni-*"):
        subprocess.run(["umount", "--lazy", str(namespace)], capture_output=True)
        namespace.unlink(missing_ok=True)
    shutil.rmtree("/run/snap.microk8s/cni", ignore_errors=True)


def remove_groups() -> None:
    """Removes the cgroups of pods, inner ones first. The kernel releases them shortly after their last process."""
    end = time.monotonic() + SECONDS_TO_KILL
    while groups := pod_groups():
        for group in groups:
            for folder in sorted([group, *(each for each in group.rglob("*") if each.is_dir())], reverse=True):
                try:
                    folder.rmdir()
                except OSError:
                    if time.monotonic() > end:
                        raise
        time.sleep(0.05)
