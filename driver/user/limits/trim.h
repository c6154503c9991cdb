/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * trim.h: memory back to the system, after many clients have gone.
 */
#ifndef BINDERD_TRIM_H
#define BINDERD_TRIM_H

/* A client has gone. */
void trim_note(void);
/* Nobody is left. */
void trim_end(void);

#endif
