/* SPDX-License-Identifier: MIT */
/*
 * files.h: files that actors send: pipes, since the other end tells when the
 * last descriptor of one is gone.  For files.c and sg.c.
 */
#ifndef UAPI_FILES_H
#define UAPI_FILES_H

#include "scene.h"

/* A pipe of the actor's; the end to send in *ret, the end to watch is the result. */
int pipe_new(struct actor *actor, int *ret);
/* Has every descriptor of the other end gone?  Waits for it, as that may be told late. */
void expect_hangup_(struct actor *actor, int watched);
void expect_open_(struct actor *actor, int watched);
#define expect_hangup(actor, watched) STEP(expect_hangup_(actor, watched))
#define expect_open(actor, watched) STEP(expect_open_(actor, watched))
/* Does this descriptor exist? */
bool is_open(struct actor *actor, int fd);
/* No more descriptors for the actor's process; or again as many as before. */
void forbid_files(struct actor *actor, bool forbid);

#endif
