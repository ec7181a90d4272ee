"""`microk8s inspect`: what runs, what does not, and its last words."""

import subprocess

from microk8s import services, status
from microk8s.checks import parser, require_root
from microk8s.paths import WORKER

LINES = "20"


def is_active(service: str) -> bool:
    return subprocess.run(["systemctl", "is-active", "--quiet", services.unit(service)]).returncode == 0


def last_words(service: str) -> str:
    told = ["journalctl", "--no-pager", "--lines", LINES, "--output", "cat", "--unit", services.unit(service)]
    return subprocess.run(told, capture_output=True, text=True).stdout.rstrip()


def inspect(words: list[str]) -> int:
    parser("inspect", "Tell what runs and what does not.").parse_args(words)
    require_root()
    print("Inspecting services")
    for service in services.own():
        # The images are imported once: their daemon ends when it is done.
        running = is_active(service) or service == "daemon-images"
        print(f"  Service {services.unit(service)} is {'running' if running else 'not running'}")
        if not running:
            print("    " + last_words(service).replace("\n", "\n    "))
    if not WORKER.exists():
        print(f"Missing for this node to be ready: {status.why_not_ready()}")
    return 0
