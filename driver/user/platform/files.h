/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * files.h: descriptors on their way through the daemon.
 */
#ifndef BINDERD_FILES_H
#define BINDERD_FILES_H

#include "port.h"
#include "hooks.h"

/* What a thread has sent, is being given, or has to close. */
struct thread_files {
	struct file_entry *received;
	u32 received_count;
	u32 stale_packets;      /* of requests that were not begun: still on the socket */
	bool offered, answered; /* port_files_install() under way */
	u32 offered_count;
	s32 result;
	s32 *numbers; /* the client's answer, offered_count of them */
	s32 *closes;  /* of CHANNEL_MAX_FILES */
	u32 close_count;
};

/* Takes the packets that a request announced. */
void files_receive(struct port_thread *thread, u32 packets);
/* The request is not begun: its packets are dropped when the next one's are taken. */
void files_skip(struct port_thread *thread, u32 packets);
/* Sends descriptors to the client, in as many packets as it takes. */
int files_send(struct port_thread *thread, const int *fds, u32 count);
/* The client has answered CHANNEL_FILES. */
void files_answered(struct port_thread *thread);
/* A request ends: drops what came with it, lays out what the client has to close. */
u32 files_finish(struct port_thread *thread);
/* The thread ends. */
void files_forget(struct port_thread *thread);

#endif
