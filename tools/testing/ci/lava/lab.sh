#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Brings up a LAVA lab of one machine, runs a job in it, keeps the results, and takes the lab down.
#
# usage: lab.sh ROOT FILES JOB OUT
# ROOT is of root.sh, and stays as it is: the lab writes to memory. FILES is what the job finds at http://10.0.2.2:8080,
# and test-definitions.git, Linaro's tests. OUT gets results.txt and job.yaml as LAVA stored them, job.log with
# what the machine printed, and the logs of the daemons.
# As root. The lab has network, mount and PID namespaces of its own: it sees no network but its own loopback, and ends
# with this script.
# Exit: 0 the job is complete, whatever its tests said, 1 it is not, 4 no lab
set -eu
if [ "$1" != --inside ]; then
	mkdir -p "$4"
	exec unshare -mnpuif --kill-child "$(realpath "$0")" --inside "$(realpath "$1")" "$(realpath "$2")" \
		"$(realpath "$3")" "$(realpath "$4")"
fi
shift
here=$(dirname "$0")
lab=$4/lab
mkdir -p "$lab"
mount -t tmpfs -o size=8g lab "$lab"
mkdir "$lab"/{upper,work,root}
mount -t overlay -o "lowerdir=$1,upperdir=$lab/upper,workdir=$lab/work" overlay "$lab/root"
mkdir "$lab/root/lab/out"
mount --bind -o ro "$2" "$lab/root/srv"
mount --bind "$4" "$lab/root/lab/out"
cp "$3" "$lab/root/lab/submitted.yaml"
cp "$here/job.sh" "$lab/root/lab/"
exec chroot "$lab/root" /lab/job.sh
