"""Imports the images of the machine's store into containerd."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from microk8s.errors import CommandError
from microk8s.paths import CONTAINERD_SOCKET, IMAGES

CTR = ["ctr", "--address", str(CONTAINERD_SOCKET), "--namespace", "k8s.io"]
PARALLEL_IMPORTS = max(2, os.cpu_count() or 1)


def listed() -> list[dict[str, str]]:
    """Every image of the store: reference, digest and archive."""
    return json.loads((IMAGES / "images.json").read_text())


def present() -> dict[str, str]:
    """The digest of every image in containerd, by reference."""
    result = subprocess.run([*CTR, "images", "list"], capture_output=True, text=True)
    if result.returncode != 0:
        return {}
    rows = [line.split() for line in result.stdout.splitlines()[1:]]
    return {row[0]: row[2] for row in rows if len(row) > 2}


def missing() -> list[dict[str, str]]:
    """The images of the store that are not in containerd, or have a different digest there."""
    digests = present()
    return [image for image in listed() if digests.get(image["reference"]) != image["digest"]]


def import_one(image: dict[str, str]) -> None:
    """Imports one archive. containerd unpacks it when its first container starts."""
    archive = str(IMAGES / image["archive"])
    result = subprocess.run([*CTR, "images", "import", "--no-unpack", archive], capture_output=True, text=True)
    if result.returncode != 0:
        raise CommandError(f"importing {image['reference']} failed: {result.stderr.strip()}")


def import_missing() -> None:
    """Imports the missing images, several in parallel."""
    with ThreadPoolExecutor(PARALLEL_IMPORTS) as pool:
        list(pool.map(import_one, missing()))
