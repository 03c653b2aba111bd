#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Installs what make check needs on a bare Debian 12. As root.
set -eu
top=$(cd "$(dirname "$0")/../../.." && pwd)
"$top/run_tests.sh" --setup
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
	linux-source-6.1 ccache clang shellcheck git perl procps python3 python3-selenium chromium chromium-driver tappy \
	coccinelle flex bison bc libelf-dev musl-tools gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
	gcc-riscv64-linux-gnu libc6-dev-riscv64-cross gcc-i686-linux-gnu libc6-dev-i386-cross
