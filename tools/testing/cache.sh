# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Where downloads and builds are kept: CACHE, by default below the user's cache directory. Sourced.
CACHE=${CACHE:-${XDG_CACHE_HOME:-~/.cache}/pfnmap-selftests}
CACHE=$(realpath -m -- "$CACHE")
case $CACHE in
*[,\&[:space:]]*)
	# It becomes a part of Makefiles, scripts and QEMU's options.
	echo "${0##*/}: CACHE=$CACHE: must be without spaces, commas and &" >&2
	exit 4
	;;
esac
