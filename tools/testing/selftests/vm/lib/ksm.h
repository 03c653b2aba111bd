/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KSM, told to merge at once. What the machine had told it before is restored, also when this
 * process is killed: another one waits for its end.
 */
#ifndef PFNMAP_KSM_H
#define PFNMAP_KSM_H

/* Call it before there is memory to merge: it forks. NULL, or why not. */
const char *ksm_begin(void);
void ksm_end(void);

#endif
