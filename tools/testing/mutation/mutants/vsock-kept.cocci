// SPDX-License-Identifier: GPL-2.0
// Bug: virtio_transport_alloc_skb() keeps a packet that it cannot fill
// Harm: the good pages that are in it already are never given back
// Family: vsock partial
// Killer: pfnmap_splice
// Verdict: killed
// File: net/vmw_vsock/virtio_transport_common.c
@ fills @
expression err;
@@
 err = virtio_transport_fill_skb(...);

@ depends on fills @
identifier f = virtio_transport_alloc_skb;
@@
 f(...)
 {
  <+...
- kfree_skb(...);
  ...+>
 }
