# Keeps the browser, its libraries and fonts, and mount points for the file systems of the kernel.
tree=$1
mkdir -p "$tree/proc" "$tree/dev" "$tree/tmp"
rm -rf "$tree/usr/share/locale" "$tree/var/cache/apt" "$tree/var/lib/dpkg"
