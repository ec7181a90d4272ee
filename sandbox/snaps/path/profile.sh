# Commands of snaps are found by every login shell, as with snapd.
PATH="$PATH:/snap/bin"
