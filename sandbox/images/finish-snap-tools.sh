# Keeps ipset with its libraries, and Python's YAML.
tree=$1
kept=$tree/.kept
mkdir -p "$kept/bin" "$kept/lib" "$kept/python"
mv "$tree/usr/sbin/ipset" "$kept/bin/ipset"
mv "$tree"/usr/lib/x86_64-linux-gnu/libipset.so.* "$tree"/usr/lib/x86_64-linux-gnu/libmnl.so.* "$kept/lib"
mv "$tree/usr/lib/python3/dist-packages/yaml" "$kept/python/yaml"
# Its part in C fits one Python only; without it YAML is read in Python.
rm -f "$kept"/python/yaml/*.so
for each in "$tree"/*; do rm -rf "$each"; done
mv "$kept"/* "$tree"
rmdir "$kept"
