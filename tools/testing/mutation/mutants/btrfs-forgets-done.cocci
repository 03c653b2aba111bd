// SPDX-License-Identifier: GPL-2.0
// Bug: btrfs forgets what it has moved when it takes pages again
// Harm: a short count, and the user moves the same data twice
// Family: btrfs
// Killer: pfnmap_direct_io
// Verdict: killed
// File: fs/btrfs/direct-io.c
@@
@@
- btrfs_dio_write(iocb, from, written)
+ btrfs_dio_write(iocb, from, 0)

@@
@@
- btrfs_dio_read(iocb, to, read)
+ btrfs_dio_read(iocb, to, 0)
