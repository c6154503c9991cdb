/* SPDX-License-Identifier: MIT */
/*
 * attack.h: ways to be hostile, each one a process's whole life.
 *
 * attack_test.c runs them beside two innocents and measures these.
 */
#ifndef TESTS_LOAD_ATTACK_H
#define TESTS_LOAD_ATTACK_H

#include <stdint.h>

struct attack_place {
	const char *device;  /* where the innocents are */
	const char *another; /* a device of the same daemon that is the attackers' own */
	int ready;           /* tell when it is under way */
	uint64_t *blows;     /* count them here */
};

typedef void (*attack)(const struct attack_place *place);

void attack_with_garbage(const struct attack_place *place);
void attack_with_forged_lengths(const struct attack_place *place);
void attack_by_rewriting_the_mailbox(const struct attack_place *place);
void attack_by_never_reading(const struct attack_place *place);
void attack_with_descriptors(const struct attack_place *place);
void attack_with_handles(const struct attack_place *place);
void attack_with_connections(const struct attack_place *place);
void attack_by_ringing(const struct attack_place *place);
void attack_by_writing_without_end(const struct attack_place *place);

#endif
