/* SPDX-License-Identifier: MIT */
/*
 * device_user.h: what the rules of device_user.c share: a device, a manager, a caller.
 */
#ifndef DEVICE_USER_H
#define DEVICE_USER_H

#include "../limit.h"

#include <errno.h>
#include <linux/android/binder.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define DEVICE "/dev/hwbinder"
#define MAP (128 * 1024)
#define WAIT_MS limit_of(10000)

#define need(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, \
				strerror(errno)); \
			exit(1); \
		} \
	} while (0)

/* ---- device_talk.c ---- */

struct command {
	uint32_t word;
	struct binder_transaction_data tr;
} __attribute__((packed));

extern void *buffer_of_manager;
int open_device(int flags);
void *map(int fd);
bool readable(int fd, int ms);
int write_read(int fd, const void *out, size_t size, void *in, size_t room, size_t *got);
void write_word(int fd, uint32_t word);
bool read_for(int fd, uint32_t command, struct binder_transaction_data *ret);
void send_call(int fd, uint32_t word, uint32_t code, uint32_t flags, const char *text);
void free_buffer(int fd, uint64_t buffer);
int manager(int flags);
pid_t in_child(void (*function)(int), int argument);
void succeeds(pid_t pid);
void call_oneway(int unused);
void call_and_wait(int unused);
void take_oneway(int fd);

/* ---- device_user_fork.c: rules about other processes ---- */

extern char *self; /* the program */
void a_forked_child_has_it_too(void);
void a_handler_may_fork(void);
void a_child_opens_while_only_a_mapping_is_left(void);
void handlers_of_fork_may_use_it(void);
void a_new_image_recognises_it(void);
void a_vfork_child_leaves_it_alone(void);
int be_executed(int fd);

/* ---- device_user_files.c: rules about paths below /dev/binderfs ---- */

void binderfs_can_be_listed(void);
void every_way_to_list_works(void);
void a_directory_s_descriptor_leads_to_devices(void);
void logs_can_be_read(void);
void processes_have_a_log_while_they_live(void);
void links_and_attributes_are_none(void);
void calls_by_number_are_seen(void);

#endif
