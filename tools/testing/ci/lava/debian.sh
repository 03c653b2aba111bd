# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Makes small Debian systems in directories. Sourced after apt.sh.
: "${keyring:?}"
command -v mmdebstrap >/dev/null || die "mmdebstrap is missing: apt-get install mmdebstrap"

# debian DIR PACKAGE,...: Debian 12 from the machine's own mirror, in a mount namespace that takes mounts along when
# it ends. mmdebstrap keeps packages from starting services.
debian()
{
	local main updates
	main=$(mirror Debian)
	updates=$(mirror Debian-Security)
	[ -n "$main" ] || die "apt knows no mirror of Debian: run apt-get update, with one in its sources"
	rm -rf "$1"
	PATH=$PATH:/usr/sbin:/sbin unshare -m mmdebstrap --mode=root --variant=minbase --quiet \
		--aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --include="$2" bookworm "$1" \
		"deb [signed-by=$keyring] $main bookworm main" \
		${updates:+"deb [signed-by=$keyring] $updates bookworm-security main"} >&2 ||
		die "$1: Debian cannot be installed there: see above"
}
