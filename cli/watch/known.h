/* SPDX-License-Identifier: MIT */
/*
 * known.h: names of events: from a reader into watch/names.h, and from there to a writer.
 */
#ifndef CLI_WATCH_KNOWN_H
#define CLI_WATCH_KNOWN_H

#include "cli/capture/event.h"
#include "cli/watch/call_words.h"

/* What an event says of names; before it is put into a conversation. */
void event_note_names(const struct capture_event *event, struct names *names);
/* A process has died: its name is no longer that of its pid.  After that. */
void event_forget_names(const struct capture_event *event, struct names *names);

/* Remembers what a reply does not say of its call. */
struct known;

/* words: borrowed; its names, library and connection are used.  NULL: no memory. */
struct known *known_new(const struct call_words *words);
void known_free(struct known *known);
/* Fills in what is known by now: services, interfaces from requests' tokens, methods by AIDL.
 * The names are valid until the next call. */
void known_fill(struct known *known, struct capture_event *event);

#endif
