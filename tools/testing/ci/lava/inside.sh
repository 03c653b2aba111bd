# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The first steps in the lab's root, with namespaces of its own: mounts, a network that is loopback alone, and
# PostgreSQL with the cluster that its package made. Sourced.
set -eu
export LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1 PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs -o ro sysfs /sys
mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
for dir in /dev/shm /tmp /run; do
	mount -t tmpfs tmpfs "$dir"
done
hostname lab
ip link set lo up
install -d -o postgres /run/postgresql
pg_ctlcluster 15 main start -o '-c fsync=off'
