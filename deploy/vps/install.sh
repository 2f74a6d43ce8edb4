#!/usr/bin/env bash
# From a bare Ubuntu 22.04 or 24.04 to a hardened k3s. Run it as often as you like: what is right already is left alone.
#
#   ./install.sh             does what is missing
#   ./install.sh --check     says what is missing, changes nothing; 1 when something is
#   ./install.sh --dry-run   says what it would do, changes nothing
#
# Settings, from the environment or from vps.env beside this file:
#   VPN_SUBNET     SSH and the API of k3s are reached from there only, 10.10.50.0/24 for example
#   SSH_PORTS      ports of sshd, where they are not what `sshd -T` says
#   K3S_VERSION    which release of k3s
#   PLEXUS_ROOT    another root of the file system, for tests
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=/dev/null
if [ -f "$here/vps.env" ]; then . "$here/vps.env"; fi
root="${PLEXUS_ROOT:-}"
vpn="${VPN_SUBNET:-}"
k3s_version="${K3S_VERSION:-v1.36.3+k3s1}"
stamps="$root/var/lib/plexus-vps"
mode=apply
case "${1:-}" in
'') ;;
--check) mode=check ;;
--dry-run) mode=dry-run ;;
*)
  sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
  ;;
esac

# shellcheck source=items.sh
. "$here/items.sh"
ports="$(ssh_ports || true)"
if [ -n "$vpn" ] && ! is_network "$vpn"; then
  echo "VPN_SUBNET is no network of IPv4: $vpn (10.10.50.0/24 for example)" >&2
  exit 2
fi

# In this order: whoever is inside stays inside, and k3s starts on a machine that is closed.
items=(system packages ssh_keys sshd firewall fail2ban upgrades sysctl zram k3s_config k3s_binary k3s_service)

if [ "$mode" = apply ] && [ -z "$root" ] && [ "$(id -u)" -ne 0 ]; then
  echo 'This needs root: sudo ./install.sh' >&2
  exit 2
fi

faults=0
for item in "${items[@]}"; do
  why=''
  if "check_$item"; then
    printf 'ok       %s\n' "$item"
    continue
  fi
  if [ "$mode" != apply ]; then
    printf '%-8s %s: %s\n' "$([ "$mode" = check ] && echo missing || echo would)" "$item" "$why"
    faults=$((faults + 1))
    continue
  fi
  printf 'doing    %s: %s\n' "$item" "$why"
  # Not in a condition: there `set -e` would not hold inside it.
  "apply_$item"
  if ! "check_$item"; then
    printf 'failed   %s: %s\n' "$item" "$why" >&2
    exit 1
  fi
  printf 'done     %s\n' "$item"
done
if [ "$mode" = check ] && [ "$faults" -gt 0 ]; then exit 1; fi
