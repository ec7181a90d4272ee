"""Connects from the network of every pod to every port on which another pod listens.

Standard input: {"pods": [{"uid": "…", "address": "…", "isTarget": true}, …]}.
Standard output: {"listening": {"uid": [port, …]}, "connected": [[source uid, target uid, port], …]}.
"""

import glob
import json
import os
import selectors
import socket
import sys
import time

CONNECT_SECONDS = 3.0
LISTEN_STATE = "0A"
LOOPBACK = ("0100007F", "0" * 24 + "01000000")


def processes_of(uid):
    """Process IDs in the cgroups of a pod, whose names contain its UID with dashes or underscores."""
    names = (uid, uid.replace("-", "_"))
    for file in glob.glob("/proc/[0-9]*/cgroup"):
        try:
            with open(file, encoding="utf-8") as lines:
                text = lines.read()
        except OSError:
            continue
        if any(name in text for name in names):
            yield file.split("/")[2]


def listening_ports(process):
    ports = set()
    for table in ("tcp", "tcp6"):
        with open(f"/proc/{process}/net/{table}", encoding="utf-8") as lines:
            for fields in (line.split() for line in list(lines)[1:]):
                address, port = fields[1].rsplit(":", 1)
                if fields[3] == LISTEN_STATE and address not in LOOPBACK:
                    ports.add(int(port, 16))
    return sorted(ports)


def reachable(targets):
    """The targets to which a connection from the current network namespace succeeds."""
    waiting = selectors.DefaultSelector()
    for target in targets:
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        client.setblocking(False)
        client.connect_ex((target["address"], target["port"]))
        waiting.register(client, selectors.EVENT_WRITE, target)
    deadline = time.monotonic() + CONNECT_SECONDS
    found = []
    while waiting.get_map() and time.monotonic() < deadline:
        for key, _ in waiting.select(max(0.0, deadline - time.monotonic())):
            if key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                found.append(key.data)
            waiting.unregister(key.fileobj)
            key.fileobj.close()
    for key in list(waiting.get_map().values()):
        key.fileobj.close()
    return found


def main():
    pods = json.load(sys.stdin)["pods"]
    process = {pod["uid"]: next(processes_of(pod["uid"]), None) for pod in pods}
    pods = [pod for pod in pods if process[pod["uid"]] is not None]
    listening = {pod["uid"]: listening_ports(process[pod["uid"]]) for pod in pods}
    targets = [
        {"uid": pod["uid"], "address": pod["address"], "port": port}
        for pod in pods
        if pod["isTarget"]
        for port in listening[pod["uid"]]
    ]
    connected = []
    for pod in pods:
        with open(f"/proc/{process[pod['uid']]}/ns/net", encoding="utf-8") as namespace:
            os.setns(namespace.fileno(), os.CLONE_NEWNET)
        others = [target for target in targets if target["uid"] != pod["uid"]]
        connected += [[pod["uid"], target["uid"], target["port"]] for target in reachable(others)]
    json.dump({"listening": listening, "connected": connected}, sys.stdout)


main()
