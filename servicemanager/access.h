/* SPDX-License-Identifier: MIT */
/*
 * access.h: who may register which name, and what a name may look like.
 *
 * main.c fills it from the command line; registry.c and service.c ask it.
 */
#ifndef SERVICEMANAGER_ACCESS_H
#define SERVICEMANAGER_ACCESS_H

#include <stdbool.h>
#include <sys/types.h>

#define SERVICE_NAME_MAX 127

struct access_rules;

/* Rules with uid 0, uid 1000 and owner allowed to add every name.  NULL: no memory. */
struct access_rules *access_rules_new(uid_t owner);
void access_rules_free(struct access_rules *rules);

/*
 * Adds the lines "uid name" of a file; "*" is every name, '#' starts a comment.
 * 0 or -errno after a message with file and line on stderr.
 */
int access_rules_load(struct access_rules *rules, const char *path);

bool access_may_add(const struct access_rules *rules, uid_t uid, const char *name);

/* 1 to 127 of A-Z a-z 0-9 _ . / - */
bool access_name_is_valid(const char *name);

#endif
