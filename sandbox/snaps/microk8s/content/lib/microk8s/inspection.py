"""`microk8s inspect`: the state of each service, with the last log lines of those that do not run."""

import subprocess

from microk8s import services, status
from microk8s.checks import create_parser, require_root
from microk8s.paths import WORKER

LOG_LINES = "20"


def is_active(service: str) -> bool:
    return subprocess.run(["systemctl", "is-active", "--quiet", services.unit(service)]).returncode == 0


def last_log_lines(service: str) -> str:
    command = ["journalctl", "--no-pager", "--lines", LOG_LINES, "--output", "cat", "--unit", services.unit(service)]
    return subprocess.run(command, capture_output=True, text=True).stdout.rstrip()


def inspect(args: list[str]) -> int:
    create_parser("inspect", "Show the state of each service.").parse_args(args)
    require_root()
    print("Inspecting services")
    for service in services.own():
        # The daemon that imports the images ends after the import.
        running = is_active(service) or service == "daemon-images"
        print(f"  Service {services.unit(service)} is {'running' if running else 'not running'}")
        if not running:
            print("    " + last_log_lines(service).replace("\n", "\n    "))
    if not WORKER.exists():
        print(f"Why this node is not ready: {status.why_not_ready()}")
    return 0
