# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Packages of any suite of Debian's archive, without a change to the system: a private apt configuration in
# CACHE/apt that names the machine's own mirror. Packages are not installed, and no root is needed. Sourced, with
# $what set, which messages name.
: "${what:?}"
# What apt and tar print is read here.
export LC_ALL=C
# shellcheck source=tools/testing/cache.sh
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"
# shellcheck source=tools/testing/arch.sh
. "$(dirname "${BASH_SOURCE[0]}")/arch.sh"
apt=$CACHE/apt${emulator:+-$debian_arch}
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

# mirror LABEL: the machine's own mirror of that archive of Debian's
mirror()
{
	# shellcheck disable=SC2016 # apt's own variable
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Label: $1" | head -n 1
}

# Which mirrors the machine uses is asked before APT_CONFIG hides them. One user of CACHE/apt at a time: two would
# unpack each other's packages.
configure()
{
	local suite main updates architectures
	mkdir -p "$apt" && exec 8>"$apt/.lock" && flock 8
	[ -e "$keyring" ] || die "no $keyring: install debian-archive-keyring"
	main=$(mirror Debian)
	updates=$(mirror Debian-Security)
	[ -n "$main" ] || die "apt knows no mirror of Debian: run apt-get update, with one in its sources"
	# The host's own, too, for programs that run here, such as those that build modules.
	architectures="\"$debian_arch\";"
	[ "$debian_arch" = amd64 ] || architectures+=' "amd64";'
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
	for suite in $suites; do
		echo "deb [signed-by=$keyring] $main $suite main"
	done >"$apt/sources.list"
	for suite in ${updates:+$security}; do
		echo "deb [signed-by=$keyring] $updates $suite main"
	done >>"$apt/sources.list"
	cat >"$apt/apt.conf" <<-CONF
	Dir::Etc::SourceList "$apt/sources.list";
	Dir::Etc::SourceParts "/dev/null";
	Dir::State::Lists "$apt/lists";
	Dir::Cache "$apt/cache";
	APT::Sandbox::User "";
	APT::Architecture "$debian_arch";
	APT::Architectures { $architectures };
	CONF
	export APT_CONFIG=$apt/apt.conf
}

# Containers switch apt's own cache off in /etc, which overrides APT_CONFIG; without it each call takes seconds.
apt_cache()
{
	apt-cache -o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin "$@"
}

# Once a day, and after forget_lists. A suite that the mirror lacks is no error as long as there are lists.
update()
{
	[ -z "$(find "$apt/updated" -mmin -1440 2>/dev/null)" ] || return 0
	say "reading the lists of Debian's suites"
	if ! apt-get update -o APT::Update::Error-Mode=any >"$apt/update.log" 2>&1; then
		[ -n "$(find "$apt/lists" -name '*_Packages*' -print -quit)" ] ||
			die "the lists cannot be read: $(grep -m 1 '^E:' "$apt/update.log")"
		say "some lists could not be read: $apt/update.log"
	fi
	touch "$apt/updated"
}

# The next run reads the lists again: they are older than the archive, or were never read in full.
forget_lists()
{
	rm -f "$apt/updated"
}

# The lists may be older than the archive.
not_there()
{
	forget_lists
	die "$*"
}

# fetch PACKAGE...: into CACHE/apt/debs, for unpack(), the newest, or those of the suite $debian_release; what is
# there and whole is not fetched again
fetch()
{
	fetched=$*
	mkdir -p "$apt/debs"
	say "fetching $*"
	(cd "$apt/debs" && apt-get ${debian_release:+-t "$debian_release"} download "$@" >&2 2>"$apt/download.log") || {
		grep '^E:' "$apt/download.log" >&2
		forget_lists
		return 1
	}
}

# deb_of PACKAGE[:ARCH|=VERSION]: its file, of the version that was fetched last; apt sets the other times to the
# mirror's
deb_of()
{
	local debs
	mapfile -t debs < <(ls -tc "$apt/debs/${1%%[:=]*}"_*.deb)
	rm -f "${debs[@]:1}"
	echo "${debs[0]:-}"
}

# take_out DEB DIR PATTERN...: the files that match; a package that has none has not failed
take_out()
{
	local deb=$1 to=$2 said
	shift 2
	[ -e "$deb" ] || die "a package is gone from $apt/debs: try again"
	dpkg-deb --fsys-tarfile "$deb" >"$apt/deb.tar" ||
		die "$deb cannot be unpacked: no room in $apt, or it is broken and must be removed"
	said=$(tar -x -C "$to" -f "$apt/deb.tar" --wildcards "$@" 2>&1) ||
		! grep -vE 'Not found in archive|Exiting with failure status' <<<"$said" >&2 ||
		die "$deb cannot be unpacked into $to"
	rm -f "$apt/deb.tar" "$deb"
}

# unpack DIR PATTERN...: takes the files that match out of the packages that were fetched last, and forgets these
unpack()
{
	local to=$1 package
	shift
	mkdir -p "$to"
	for package in $fetched; do
		take_out "$(deb_of "$package")" "$to" "$@"
	done
}
