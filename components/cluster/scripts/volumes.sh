# The storage addon makes each volume as a folder that everybody may write to. Pods reach their own volume by its mount, so
# nobody but root must reach the folder around them.

volumes="$root/var/snap/microk8s/common/default-storage"

check() {
  [ "$(stat -c %a "$volumes" 2>/dev/null)" = 700 ]
}

apply() {
  mkdir -p "$volumes"
  chmod 700 "$volumes"
}
