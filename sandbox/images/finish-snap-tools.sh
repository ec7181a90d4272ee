# Keeps only ipset with its libraries, and Python's module yaml.
tree=$1
kept=$tree/.kept
mkdir -p "$kept/bin" "$kept/lib" "$kept/python"
mv "$tree/usr/sbin/ipset" "$kept/bin/ipset"
mv "$tree"/usr/lib/x86_64-linux-gnu/libipset.so.* "$tree"/usr/lib/x86_64-linux-gnu/libmnl.so.* "$kept/lib"
mv "$tree/usr/lib/python3/dist-packages/yaml" "$kept/python/yaml"
# The module's C extension works with one version of Python only. Without it the module uses its Python code.
rm -f "$kept"/python/yaml/*.so
for each in "$tree"/*; do rm -rf "$each"; done
mv "$kept"/* "$tree"
rmdir "$kept"
