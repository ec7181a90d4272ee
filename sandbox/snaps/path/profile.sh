# Like with snapd, every login shell finds the commands of snaps.
PATH="$PATH:/snap/bin"
