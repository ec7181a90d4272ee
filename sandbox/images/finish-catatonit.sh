# Keeps only the static program catatonit. As `pause`, the first container of a pod, it waits and reaps child processes.
tree=$1
mv "$tree/usr/bin/catatonit" "$tree/pause"
for each in "$tree"/*; do
  case $each in "$tree/pause") ;; *) rm -rf "$each" ;; esac
done
