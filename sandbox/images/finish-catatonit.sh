# Keeps the one static program: as `pause` it waits and reaps, which is all that a pod's first container does.
tree=$1
mv "$tree/usr/bin/catatonit" "$tree/pause"
for each in "$tree"/*; do
  case $each in "$tree/pause") ;; *) rm -rf "$each" ;; esac
done
