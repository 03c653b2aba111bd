// SPDX-License-Identifier: GPL-2.0
// Bug: ublk keeps the pages before one that is refused
// Harm: they are pinned until the machine is switched off
// Family: ublk
// Killer: pfnmap_driver
// Verdict: killed
// File: drivers/block/ublk_drv.c
@@
@@
ublk_ctrl_reg_buf(...)
{
<...
  if (pinned != nr_pages) {
	ret = -EFAULT;
-	goto err_unpin;
+	goto err_free_pages;
  }
...>
}
