# Keeps only the certificates of the authorities, in the one file where programs look for them.
tree=$1
mkdir -p "$tree/.kept/etc/ssl/certs"
cat "$tree"/usr/share/ca-certificates/mozilla/*.crt > "$tree/.kept/etc/ssl/certs/ca-certificates.crt"
for each in "$tree"/*; do rm -rf "$each"; done
mv "$tree/.kept"/* "$tree"
rmdir "$tree/.kept"
