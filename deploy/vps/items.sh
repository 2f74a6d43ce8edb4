# shellcheck shell=bash
# What install.sh brings about. Each item has check_NAME, which changes nothing and leaves a reason in `why`, and
# apply_NAME, which may be interrupted anywhere and run again.
# `root`, `stamps`, `vpn`, `ports`, `here`, `k3s_version` and `why` are install.sh's.
# shellcheck disable=SC2034,SC2154

lacks() {
  why="$1"
  return 1
}

same() { [ -f "$2" ] && cmp -s "$1" "$2"; }

# put FILE TARGET MODE: whole or not at all.
put() {
  mkdir -p "${2%/*}"
  install -m "$3" "$1" "$2.plexus-new"
  mv -f "$2.plexus-new" "$2"
}

# A file that is right has not been read yet by whoever it is for; a stamp says that it has.
digest() { cat "$@" | sha256sum | cut -d' ' -f1; }
taken() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$(digest "${@:2}")" ]; }
take() {
  mkdir -p "$stamps"
  digest "${@:2}" >"$stamps/$1.new"
  mv -f "$stamps/$1.new" "$stamps/$1"
}

# grep stops reading at what it looks for, and what writes to it would fail of that: no pipes into it here.
installed() { [[ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null)" == *'install ok installed'* ]]; }

check_system() {
  local release="$root/etc/os-release"
  [ -f "$release" ] || lacks 'no /etc/os-release' || return 1
  grep -Eq '^ID=ubuntu$' "$release" || lacks 'this is made for Ubuntu' || return 1
  grep -Eq '^VERSION_ID="(22\.04|24\.04)"$' "$release" || lacks 'this is made for Ubuntu 22.04 and 24.04'
}
apply_system() {
  echo "$why" >&2
  exit 1
}

packages=(ufw fail2ban unattended-upgrades systemd-zram-generator curl ca-certificates)

check_packages() {
  local package
  for package in "${packages[@]}"; do
    installed "$package" || lacks "$package is not installed" || return 1
  done
}
apply_packages() {
  DEBIAN_FRONTEND=noninteractive apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"
}

# Whoever may log in by a key now: without one, closing the door to passwords would close it to everybody.
check_ssh_keys() {
  local file
  for file in "$root"/root/.ssh/authorized_keys "$root"/home/*/.ssh/authorized_keys; do
    if [ -f "$file" ] && grep -Eq '^[^#]*(ssh-(ed25519|rsa)|ecdsa-sha2-|sk-)' "$file"; then return 0; fi
  done
  lacks 'nobody has a key in ~/.ssh/authorized_keys: put yours there first'
}
apply_ssh_keys() {
  echo "$why" >&2
  exit 1
}

sshd_file() { echo "$root/etc/ssh/sshd_config.d/00-plexus.conf"; }

check_sshd() {
  same "$here/files/sshd.conf" "$(sshd_file)" || lacks 'sshd takes passwords' || return 1
  taken sshd "$(sshd_file)" || lacks 'sshd has not read its file'
}
apply_sshd() {
  put "$here/files/sshd.conf" "$(sshd_file)" 600
  if ! sshd -t; then
    rm -f "$(sshd_file)"
    echo 'sshd refuses its configuration: nothing was changed' >&2
    exit 1
  fi
  # 24.04 starts sshd by the first connection: one that does not run yet reads its file when it does.
  systemctl try-reload-or-restart ssh
  take sshd "$(sshd_file)"
}

# What sshd told the shell that began this, which sudo keeps to itself: client, its port, server, its port.
session() {
  local process=$$ found="${SSH_CONNECTION:-}"
  while [ -z "$found" ] && [ "$process" -gt 1 ] && [ -r "/proc/$process/environ" ]; do
    found="$(tr '\0' '\n' <"/proc/$process/environ" | sed -n 's/^SSH_CONNECTION=//p')"
    process="$(awk '$1 == "PPid:" { print $2 }' "/proc/$process/status")"
  done
  echo "$found"
}

# Where people come in: as sshd says, and wherever this very session came in.
ssh_ports() {
  {
    if [ -n "${SSH_PORTS:-}" ]; then
      printf '%s\n' "${SSH_PORTS//[ ,]/$'\n'}"
    else
      sshd -T 2>/dev/null | awk '$1 == "port" { print $2 } $1 == "listenaddress" { sub(/.*:/, "", $2); print $2 }'
    fi
    awk '{ print $4 }' <<<"$(session)"
  } | grep -E '^[0-9]+$' | sort -nu
}

# Everybody who is inside by SSH now, this session and others.
clients() {
  local port
  awk '{ print $1 }' <<<"$(session)"
  for port in $ports; do
    ss -Htn state established "( sport = :$port )" 2>/dev/null | awk '{ print $NF }' |
      sed -E 's/:[0-9]+$//; s/^\[(::ffff:)?//; s/\]$//'
  done
}

# True when nobody who is inside would be cut off by rules for the VPN alone.
from_vpn() {
  local client
  while read -r client; do
    if [ -n "$client" ] && ! in_subnet "$client" "$vpn"; then return 1; fi
  done < <(clients)
}

number() {
  local a b c d
  IFS=. read -r a b c d <<<"$1"
  echo $(((a << 24) + (b << 16) + (c << 8) + d))
}

in_subnet() {
  local bits="${2#*/}" mask
  case "$1" in *[!0-9.]*) return 1 ;; esac
  mask=$((bits == 0 ? 0 : (0xffffffff << (32 - bits)) & 0xffffffff))
  [ $(($(number "$1") & mask)) -eq $(($(number "${2%/*}") & mask)) ]
}

# Of IPv4, and as ufw writes it: the first address of the network.
is_network() {
  local octet='(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])' bits="${1#*/}"
  [[ "$1" =~ ^($octet\.){3}$octet/([0-9]|[12][0-9]|3[0-2])$ ]] || return 1
  [ "$(($(number "${1%/*}") & (0xffffffff >> bits)))" -eq 0 ]
}

# One rule a line, as `ufw show added` says them: `added` is what it said.
wanted_rules() {
  local port
  for port in $ports; do
    if [ -n "$vpn" ]; then echo "allow from $vpn to any port $port proto tcp"; else echo "allow $port/tcp"; fi
  done
  echo 'allow 80/tcp'
  echo 'allow 443/tcp'
  echo 'allow from 10.42.0.0/16'
  echo 'allow from 10.43.0.0/16'
  if [ -n "$vpn" ]; then echo "allow from $vpn to any port 6443 proto tcp"; fi
}

# Rules from before there was a VPN: of an earlier run, or of whoever set the machine up.
unwanted_rules() {
  local port verb
  [ -n "$vpn" ] || return 0
  for verb in allow limit; do
    echo "$verb OpenSSH"
    for port in $ports 6443; do printf '%s\n' "$verb $port/tcp" "$verb $port"; done
  done
}

has_rule() { [[ $'\n'"$added"$'\n' == *$'\n'"ufw $1"$'\n'* ]]; }

check_firewall() {
  local rule status added
  [ -n "$ports" ] || lacks 'nobody knows on which port sshd listens: set SSH_PORTS' || return 1
  added="$(ufw show added)"
  while read -r rule; do has_rule "$rule" || lacks "no rule: $rule" || return 1; done < <(wanted_rules)
  status="$(ufw status verbose)"
  [[ "$status" == *'Status: active'* ]] || lacks 'UFW is off' || return 1
  [[ "$status" == *'Default: deny (incoming), allow (outgoing)'* ]] || lacks 'what has no rule may come in' || return 1
  while read -r rule; do
    ! has_rule "$rule" || lacks "$(vpn_advice)" || return 1
  done < <(unwanted_rules)
}
vpn_advice() {
  echo "SSH is open to everybody: connect over the VPN ($vpn) and run this again"
}
apply_firewall() {
  local rule port added
  added="$(ufw show added)"
  # First who is inside, then the door.
  [ -n "$ports" ] || exit 1
  while read -r rule; do
    # shellcheck disable=SC2086
    has_rule "$rule" || ufw $rule
  done < <(wanted_rules)
  if [ -n "$vpn" ] && ! from_vpn; then
    # Somebody is inside from elsewhere: closing that port now could lock everybody out.
    for port in $ports; do has_rule "allow $port/tcp" || ufw allow "$port/tcp"; done
  fi
  ufw default deny incoming
  ufw default allow outgoing
  ufw --force enable
  if [ -n "$vpn" ] && from_vpn; then
    while read -r rule; do
      # shellcheck disable=SC2086
      if has_rule "$rule"; then ufw delete $rule; fi
    done < <(unwanted_rules)
  fi
}

check_fail2ban() {
  local file="$root/etc/fail2ban/jail.d/plexus.local"
  same "$here/files/fail2ban.conf" "$file" || lacks 'whoever guesses at SSH is not shut out' || return 1
  taken fail2ban "$file" || lacks 'fail2ban has not read its file' || return 1
  systemctl is-active --quiet fail2ban || lacks 'fail2ban does not run'
}
apply_fail2ban() {
  put "$here/files/fail2ban.conf" "$root/etc/fail2ban/jail.d/plexus.local" 644
  systemctl enable --quiet fail2ban
  systemctl restart fail2ban
  take fail2ban "$root/etc/fail2ban/jail.d/plexus.local"
}

check_upgrades() {
  same "$here/files/auto-upgrades.conf" "$root/etc/apt/apt.conf.d/52plexus" ||
    lacks 'security fixes are not installed by themselves' || return 1
  systemctl is-enabled --quiet unattended-upgrades || lacks 'unattended-upgrades is off'
}
apply_upgrades() {
  put "$here/files/auto-upgrades.conf" "$root/etc/apt/apt.conf.d/52plexus" 644
  systemctl enable --now --quiet unattended-upgrades
}

check_sysctl() {
  local file="$root/etc/sysctl.d/90-plexus.conf"
  same "$here/files/sysctl.conf" "$file" || lacks 'the kernel has not what the kubelet asks for' || return 1
  taken sysctl "$file" || lacks 'the kernel has not read its file'
}
apply_sysctl() {
  put "$here/files/sysctl.conf" "$root/etc/sysctl.d/90-plexus.conf" 644
  sysctl --system >/dev/null
  take sysctl "$root/etc/sysctl.d/90-plexus.conf"
}

check_zram() {
  local file="$root/etc/systemd/zram-generator.conf"
  same "$here/files/zram.conf" "$file" || lacks 'no compressed memory to swap to' || return 1
  taken zram "$file" || lacks 'the compressed memory is not there yet'
}
apply_zram() {
  put "$here/files/zram.conf" "$root/etc/systemd/zram-generator.conf" 644
  systemctl daemon-reload
  systemctl start systemd-zram-setup@zram0.service
  take zram "$root/etc/systemd/zram-generator.conf"
}

k3s_folder() { echo "$root/etc/rancher/k3s"; }

check_k3s_config() {
  local name
  for name in k3s admission audit; do
    same "$here/files/$name.yaml" "$(k3s_folder)/$(k3s_name "$name")" ||
      lacks "k3s is not told what $name.yaml says" || return 1
  done
  [ -d "$root/var/lib/rancher/k3s/server/logs" ] || lacks 'there is no folder for the audit log'
}
k3s_name() { if [ "$1" = k3s ]; then echo config.yaml; else echo "$1.yaml"; fi; }
apply_k3s_config() {
  local name
  # Whatever k3s runs with now may be what was wrong.
  rm -f "$stamps/k3s"
  for name in k3s admission audit; do
    put "$here/files/$name.yaml" "$(k3s_folder)/$(k3s_name "$name")" 600
  done
  mkdir -p "$root/var/lib/rancher/k3s/server/logs"
  chmod 700 "$root/var/lib/rancher/k3s/server/logs"
}

check_k3s_binary() {
  local binary="$root/usr/local/bin/k3s"
  [ -x "$binary" ] || lacks 'k3s is not installed' || return 1
  [ "$(cat "$stamps/k3s-version" 2>/dev/null)" = "$k3s_version $(digest "$binary")" ] ||
    lacks "k3s is not $k3s_version as it was published"
}
apply_k3s_binary() {
  local machine suffix='' base folder
  machine="$(uname -m)"
  case "$machine" in
  x86_64) machine=amd64 ;;
  aarch64) machine=arm64 suffix=-arm64 ;;
  *)
    echo "there is no k3s for $machine" >&2
    exit 1
    ;;
  esac
  base="https://github.com/k3s-io/k3s/releases/download/${k3s_version/+/%2B}"
  folder="$(mktemp -d)"
  curl -fsSL --proto '=https' --tlsv1.2 -o "$folder/k3s$suffix" "$base/k3s$suffix"
  curl -fsSL --proto '=https' --tlsv1.2 -o "$folder/sums" "$base/sha256sum-$machine.txt"
  if ! (cd "$folder" && grep -E " k3s$suffix\$" sums | sha256sum --check --quiet --strict -); then
    rm -rf "$folder"
    echo 'what was fetched is not what k3s has published: nothing was installed' >&2
    exit 1
  fi
  put "$folder/k3s$suffix" "$root/usr/local/bin/k3s" 755
  rm -rf "$folder"
  mkdir -p "$stamps"
  echo "$k3s_version $(digest "$root/usr/local/bin/k3s")" >"$stamps/k3s-version"
}

k3s_unit() { echo "$root/etc/systemd/system/k3s.service"; }
# What a running k3s has read.
k3s_inputs() { echo "$root/usr/local/bin/k3s $(k3s_unit) $(k3s_folder)/config.yaml $(k3s_folder)/admission.yaml $(k3s_folder)/audit.yaml"; }

check_k3s_service() {
  same "$here/files/k3s.service" "$(k3s_unit)" || lacks 'k3s is not a service' || return 1
  # shellcheck disable=SC2046
  taken k3s $(k3s_inputs) || lacks 'k3s has not started with this configuration' || return 1
  systemctl is-active --quiet k3s || lacks 'k3s does not run'
}
apply_k3s_service() {
  put "$here/files/k3s.service" "$(k3s_unit)" 644
  systemctl daemon-reload
  systemctl enable --quiet k3s
  # It says that it is ready when its API is: Type=notify.
  systemctl restart k3s
  # shellcheck disable=SC2046
  take k3s $(k3s_inputs)
}
