# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Packages of any suite of Debian's archive, without a change to the system: a private apt configuration in
# CACHE/apt that names the machine's own mirror. Packages are not installed, and no root is needed. Sourced, with
# $what set, which messages name.
: "${what:?}"
CACHE=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pfnmap-selftests}
apt=$CACHE/apt
suites='bullseye bookworm bookworm-backports trixie trixie-backports forky sid'
security='bullseye-security bookworm-security trixie-security'
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say()
{
	echo "${0##*/}: $*" >&2
}

die()
{
	say "$what: $*"
	exit 4
}

# mirror REGEX DEFAULT: the machine's own mirror whose address matches, or DEFAULT
mirror()
{
	local uri
	# shellcheck disable=SC2016 # apt's own variable
	uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 -E "$1") || true
	echo "${uri:-$2}"
}

# Which mirrors the machine uses is asked before APT_CONFIG hides them. One user of CACHE/apt at a time: two would
# unpack each other's packages.
configure()
{
	local suite main updates
	mkdir -p "$apt" && exec 8>"$apt/.lock" && flock 8
	[ -e "$keyring" ] || die "no $keyring: install debian-archive-keyring"
	main=$(mirror '/debian/?$' http://deb.debian.org/debian)
	updates=$(mirror '/debian-security/?$' http://deb.debian.org/debian-security)
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	for suite in $suites; do
		echo "deb [signed-by=$keyring] $main $suite main"
	done >"$apt/sources.list"
	for suite in $security; do
		echo "deb [signed-by=$keyring] $updates $suite main"
	done >>"$apt/sources.list"
	cat >"$apt/apt.conf" <<-CONF
	Dir::Etc::SourceList "$apt/sources.list";
	Dir::Etc::SourceParts "/dev/null";
	Dir::State::Lists "$apt/lists";
	Dir::Cache "$apt/cache";
	APT::Sandbox::User "";
	APT::Architecture "amd64";
	CONF
	export APT_CONFIG=$apt/apt.conf
}

# Containers switch apt's own cache off in /etc, which overrides APT_CONFIG; without it each call takes seconds.
apt_cache()
{
	apt-cache -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin "$@"
}

# Once a day. A suite that the mirror lacks is no error as long as there are lists.
update()
{
	[ -z "$(find "$apt/updated" -mmin -1440 2>/dev/null)" ] || return 0
	say "reading the lists of Debian's suites"
	if apt-get update >"$apt/update.log" 2>&1; then
		touch "$apt/updated"
	elif [ -n "$(find "$apt/lists" -name '*_Packages*' -print -quit)" ]; then
		say "some lists could not be read again: $apt/update.log"
	else
		die "the lists cannot be read: $(grep -m 1 '^E:' "$apt/update.log")"
	fi
}

# fetch PACKAGE...: into CACHE/apt/debs; what is there and whole is not fetched again
fetch()
{
	mkdir -p "$apt/debs"
	say "fetching $*"
	(cd "$apt/debs" && apt-get download "$@" >&2 2>"$apt/download.log") || {
		grep '^E:' "$apt/download.log" >&2
		return 1
	}
}

# unpack DIR PATTERN...: takes the files that match out of all packages that were fetched, and forgets these
unpack()
{
	local to=$1 deb
	shift
	mkdir -p "$to"
	for deb in "$apt"/debs/*.deb; do
		# A package that has no such file is none that failed; one that cannot be read is.
		dpkg-deb --fsys-tarfile "$deb" >"$apt/deb.tar" || die "$deb cannot be read: remove it and try again"
		tar -x -C "$to" -f "$apt/deb.tar" --wildcards "$@" 2>/dev/null || true
	done
	rm -f "$apt/deb.tar" "$apt"/debs/*.deb
}
