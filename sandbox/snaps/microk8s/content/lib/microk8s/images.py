"""The images of the machine's store, brought into containerd."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from microk8s.errors import Refused
from microk8s.paths import CONTAINERD_SOCKET, IMAGES

CTR = ["ctr", "--address", str(CONTAINERD_SOCKET), "--namespace", "k8s.io"]
TOGETHER = max(2, os.cpu_count() or 1)


def listed() -> list[dict[str, str]]:
    """Every image of the store: reference, digest and archive."""
    return json.loads((IMAGES / "images.json").read_text())


def present() -> dict[str, str]:
    """The digest of every image that containerd has, by reference."""
    told = subprocess.run([*CTR, "images", "list"], capture_output=True, text=True)
    if told.returncode != 0:
        return {}
    rows = [line.split() for line in told.stdout.splitlines()[1:]]
    return {row[0]: row[2] for row in rows if len(row) > 2}


def missing() -> list[dict[str, str]]:
    """Images of the store that containerd does not have, or has with another content."""
    there = present()
    return [image for image in listed() if there.get(image["reference"]) != image["digest"]]


def import_one(image: dict[str, str]) -> None:
    """Imports one archive; its files are unpacked when the first container of it starts."""
    archive = str(IMAGES / image["archive"])
    ended = subprocess.run([*CTR, "images", "import", "--no-unpack", archive], capture_output=True, text=True)
    if ended.returncode != 0:
        raise Refused(f"importing {image['reference']} failed: {ended.stderr.strip()}")


def import_missing() -> None:
    """Imports what is missing, a few at a time."""
    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(import_one, missing()))
