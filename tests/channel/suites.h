/* SPDX-License-Identifier: MIT */
/*
 * suites.h: the suites of channel-tests, and what their tests share.
 */
#ifndef TESTS_CHANNEL_SUITES_H
#define TESTS_CHANNEL_SUITES_H

#include <check.h>

#include "raw.h"
#include "world.h"

Suite *client_suite(void);
Suite *pointer_suite(void);
Suite *sizes_suite(void);
Suite *label_suite(void);
Suite *nice_suite(void);
Suite *closing_suite(void);
Suite *freezer_suite(void);
Suite *signals_suite(void);
Suite *files_suite(void);
Suite *life_suite(void);
Suite *hostile_suite(void);
Suite *flood_suite(void);
Suite *memory_suite(void);
Suite *throttle_suite(void);
Suite *cancel_suite(void);

/* The world of the test that runs, and an echo service in it; made by the fixture. */
extern struct world world;
extern pid_t echo;

void start_world(void);
void start_world_with(const char *const *args);
void start_world_without_reading(void); /* --direct none */
void stop_world(void);

/* A child process; ends with _exit(run()). */
pid_t start_child(int (*run)(void *context), void *context);
int wait_child(pid_t pid);
/*
 * Puts a service in the place of the echo service.  @run calls say_ready() when
 * it has become context manager, and ends with another result than 0 if it
 * cannot: the place is free only when the daemon has seen the other one go.
 */
void replace_echo(int (*run)(void *context), void *context);
void say_ready(void);
/* Calls the echo service and compares what comes back. */
void check_echo(struct raw *raw, size_t size);
/* A fresh client is served. */
void check_daemon_answers(void);
/* Until the daemon has no more descriptors than then; fails after a while. */
void check_fds_return_to(int before);

#endif
