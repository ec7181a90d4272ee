"""The `snap` command: a local store, the folders of installed snaps, their systemd units and their hooks."""
