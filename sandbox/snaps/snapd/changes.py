"""The commands `install`, `refresh` and `remove`."""

import sys

from snapd import revisions, state, store, units
from snapd.errors import SnapError
from snapd.folders import Folders
from snapd.state import Installed
from snapd.store import StoreSnap

CLASSIC = """This revision of snap "{name}" was published using classic confinement and thus may perform
       arbitrary system changes outside of the security sandbox that snaps are usually confined to,
       which may put your system at risk.

       If you understand and want to proceed repeat the command including --classic."""


def install(folders: Folders, name: str, channel: str | None, classic: bool) -> None:
    """Installs a snap. Does nothing when it is already installed."""
    found = store.find(folders, name)
    with state.exclusive_lock(folders):
        if name in state.read(folders):
            print(f"snap \"{name}\" is already installed, see 'snap help refresh'", file=sys.stderr)
            return
        chosen = found.channel(channel)
        if found.confinement == "classic" and not classic:
            raise SnapError(CLASSIC.format(name=name))
        activate(folders, found, previous=None)
        record(folders, found, chosen)
    print(f"{name}{channel_note(chosen)} {found.version} from {found.publisher} installed")


def activate(folders: Folders, snap: StoreSnap, previous: str | None) -> None:
    """Installs the files and units of a snap and starts its daemons, in the same order as snapd.

    `previous` is the revision that it replaces; None for a new snap.
    """
    revisions.copy_content(folders, snap)
    revisions.use_revision(folders, snap.name, snap.revision, previous)
    revisions.write_launchers(folders, snap)
    units.write_units(folders, snap)
    revisions.run_hook(folders, snap.name, snap.revision, "install" if previous is None else "post-refresh")
    units.start(snap.name, units.daemons(snap))


def record(folders: Folders, snap: StoreSnap, channel: str) -> None:
    """Adds a snap to the list of installed snaps."""
    installed = Installed(
        name=snap.name,
        version=snap.version,
        revision=snap.revision,
        channel=channel,
        publisher=snap.publisher,
        confinement=snap.confinement,
        services=units.daemons(snap),
    )
    state.write(folders, {**state.read(folders), snap.name: installed})


def channel_note(channel: str) -> str:
    """The channel in a message. Like snapd, it does not show latest/stable."""
    return "" if channel == "latest/stable" else f" ({channel.removeprefix('latest/')})"


def refresh(folders: Folders, name: str, channel: str | None) -> None:
    """Updates an installed snap to the revision in the store."""
    with state.exclusive_lock(folders):
        installed = state.read(folders).get(name)
        if installed is None:
            raise SnapError(f'snap "{name}" is not installed')
        found = store.find(folders, name)
        chosen = found.channel(channel or installed.channel)
        if found.revision == installed.revision and chosen == installed.channel:
            print(f'snap "{name}" has no updates available', file=sys.stderr)
            return
        if found.revision != installed.revision:
            units.stop(folders, name, installed.services)
            activate(folders, found, previous=installed.revision)
            revisions.remove_other_revisions(folders, name, found.revision)
        record(folders, found, chosen)
    print(f"{name}{channel_note(chosen)} {found.version} from {found.publisher} refreshed")


def remove(folders: Folders, name: str, purge: bool) -> None:
    """Stops and removes a snap with its data. Also removes what an interrupted installation left."""
    with state.exclusive_lock(folders):
        snaps = state.read(folders)
        if name not in snaps and not folders.content(name).exists():
            print(f'snap "{name}" is not installed', file=sys.stderr)
            return
        if not purge:
            raise SnapError(
                f'cannot save a snapshot of the data of snap "{name}" on this machine, repeat the command\n'
                "       including --purge to remove the data too"
            )
        services = [unit.name.split(".")[2] for unit in folders.units.glob(f"snap.{name}.*.service")]
        units.stop(folders, name, snaps[name].services if name in snaps else services)
        revisions.run_hook(folders, name, "", "remove")
        units.remove_units(folders, name)
        revisions.remove_launchers(folders, name)
        revisions.remove_all(folders, name)
        state.write(folders, {other: snap for other, snap in snaps.items() if other != name})
    print(f"{name} removed")
