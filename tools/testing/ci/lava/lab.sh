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
mount -t tmpfs -o size=8g lab /mnt
mkdir /mnt/{upper,work,root}
mount -t overlay -o "lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/work" overlay /mnt/root
mkdir /mnt/root/lab/out
mount --bind -o ro "$2" /mnt/root/srv
cp "$3" /mnt/root/lab/submitted.yaml
mount --bind "$4" /mnt/root/lab/out
cp "$here/job.sh" /mnt/root/lab/
exec chroot /mnt/root /lab/job.sh
