/* SPDX-License-Identifier: MIT */
/*
 * names.h: which service a node is, and which program a pid.
 *
 * The driver's events have numbers.  Services are asked of the service manager over a
 * connection of its own, and matched by the driver's list of that
 * connection's references; programs are read from /proc.  Both are remembered.
 * For events of a file nobody is asked: what the file says is noted.
 */
#ifndef CLI_WATCH_NAMES_H
#define CLI_WATCH_NAMES_H

#include <stdint.h>
#include <sys/types.h>

#include <binder/ext.h>

struct names;

/* device: as for ABinderConnection_open().  viewer: shows the driver's state, borrowed.
 * NULL: no memory. */
struct names *names_new(const char *device, const char *android, ABinderConnection *viewer);
void names_free(struct names *names);

/* Names that are only noted: of the processes and the services of a file.  NULL: no memory. */
struct names *names_new_offline(void);

/* The service's name; NULL: none is known by now.  Valid until the next call. */
const char *names_service(struct names *names, uint32_t node);
/* Asks now, so that a service that dies in its first call has a name. */
void names_learn(struct names *names);
/* "" when it cannot be known.  Valid until names_free(). */
const char *names_program(struct names *names, pid_t pid);
/* Notes what an event says of a node: handle 0 leads to the manager; a request's token, or an
 * object's own answer, names the interface. */
void names_note_manager(struct names *names, uint32_t node);
void names_note_interface(struct names *names, uint32_t node, const char *descriptor);
/* NULL: none is known by now.  Valid until the next call. */
const char *names_interface(const struct names *names, uint32_t node);
/* What a file says. */
void names_note_service(struct names *names, uint32_t node, const char *name);
void names_note_method(struct names *names, uint32_t node, uint32_t code, const char *method);
/* NULL: none was noted. */
const char *names_method(const struct names *names, uint32_t node, uint32_t code);
/* A process sends: its name is read while it is there, else it is what the driver says. */
void names_note_program(struct names *names, pid_t pid, const char *program);
/* A process has died: its name is kept until its pid sends again. */
void names_forget(struct names *names, pid_t pid);

#endif
