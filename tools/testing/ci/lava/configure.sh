#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Configures LAVA in the lab's root: the user admin with the token "lab", the worker lab, and qemu01, a device that
# runs guests by TCG.
# shellcheck source=tools/testing/ci/lava/inside.sh
. /lab/inside.sh

# LAVA's own script; when the package was installed, no database ran.
python3 /usr/share/lava-server/postinst.py
lava-server manage users add admin --superuser --staff --passwd lab
lava-server manage tokens add --user admin --secret lab
lava-server manage device-types add qemu
mkdir -p /var/lib/lava/dispatcher/worker
lava-server manage workers add lab | sed -n 's/^Token: //p' >/var/lib/lava/dispatcher/worker/token
lava-server manage devices add qemu01 --device-type qemu --worker lab

# Without events, the worker and the scheduler look every 20 s.
cat >/etc/lava-server/settings.d/10-lab.yaml <<END
EVENT_NOTIFICATION: true
EVENT_SOCKET: "tcp://127.0.0.1:5500"
END
# Otherwise -enable-kvm.
cat >/etc/lava-server/dispatcher-config/devices/qemu01.jinja2 <<END
{% extends 'qemu.jinja2' %}
{% set no_kvm = True %}
{% set memory = 2048 %}
END
# What QEMU's user network calls the host. Otherwise LAVA looks for the interface of the default route; there is none.
mkdir -p /etc/lava-server/dispatcher.d/lab
echo 'dispatcher_ip: 10.0.2.2' >/etc/lava-server/dispatcher.d/lab/dispatcher.yaml
chown -R lavaserver:lavaserver /etc/lava-server/dispatcher-config/devices /etc/lava-server/dispatcher.d
# The job names the repository where it is for everybody.
git config --system url.file:///srv/test-definitions.git.insteadOf https://github.com/Linaro/test-definitions.git
git config --system safe.directory '*'
pg_ctlcluster 15 main stop
