/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel counts pins for all processes together. Where a known defect leaks some for ever, no
 * test of another run of the suite may count at that time: it would call them its own. Both wait
 * for each other by a lock, which a test that counts has until its process ends.
 */
#ifndef PFNMAP_TURN_H
#define PFNMAP_TURN_H

/* To count beside others that count. */
void turn_share(void);

/* To count alone; before anything was counted. */
void turn_alone(void);

#endif
