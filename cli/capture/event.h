/* SPDX-License-Identifier: MIT */
/*
 * event.h: an event with the names that are known of it.
 *
 * Readers (reader.h) give it, writers (writer.h) take it.  Live or from a file, it is what
 * binder/watch.h says; names that a file does not have, or that nobody has asked for yet, are NULL.
 */
#ifndef CLI_CAPTURE_EVENT_H
#define CLI_CAPTURE_EVENT_H

#include <binder/watch.h>

/* All is borrowed, as the event's payload is. */
struct capture_event {
	ABinderEvent event;
	const char *service;   /* the target's name at the service manager */
	const char *interface; /* the target's descriptor */
	const char *method;    /* of the call; of a reply: of its call */
	const char *from_program, *to_program;
};

#endif
