/* SPDX-License-Identifier: MIT */
/*
 * main.c: channel-tests: real daemons, clients good and bad.
 */
#include "suites.h"
#include "../limit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct world world;
pid_t echo;

static int ready_fd;

void say_ready(void)
{
	if (write(ready_fd, "", 1) != 1)
		_exit(1);
}

static int run_echo(void *context)
{
	struct raw raw;

	if (raw_open(&raw, world.device, 4 << 20) < 0 || raw_become_manager(&raw) < 0)
		return 1;
	say_ready();
	raw_echo(&raw);
	return 0;
}

/* False: it ended before it was ready. */
static bool start_service(int (*run)(void *context), void *context)
{
	int ready[2];
	ssize_t n;
	char byte;

	ck_assert_int_eq(pipe(ready), 0);
	ready_fd = ready[1];
	echo = start_child(run, context);
	close(ready[1]);
	n = read(ready[0], &byte, 1);
	close(ready[0]);
	if (n != 1)
		wait_child(echo);
	return n == 1;
}

void replace_echo(int (*run)(void *context), void *context)
{
	kill(echo, SIGKILL);
	wait_child(echo);
	while (!start_service(run, context))
		poll(NULL, 0, 1);
}

void start_world_with(const char *const *args)
{
	ck_assert_int_eq(world_start(&world, args), 0);
	ck_assert(start_service(run_echo, NULL));
}

void start_world(void)
{
	static const char *const args[] = { "--log-level", "error", NULL };

	start_world_with(args);
}

void start_world_without_reading(void)
{
	static const char *const args[] = { "--log-level", "error", "--direct", "none", NULL };

	start_world_with(args);
}

void stop_world(void)
{
	kill(echo, SIGKILL);
	waitpid(echo, NULL, 0);
	ck_assert(world_stop(&world));
}

pid_t start_child(int (*run)(void *context), void *context)
{
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(run(context));
	}
	ck_assert_int_ge(pid, 0);
	return pid;
}

int wait_child(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void check_echo(struct raw *raw, size_t size)
{
	unsigned char *data = malloc(size + 1);
	struct binder_transaction_data reply;
	uint32_t command;

	for (size_t i = 0; i < size; i++)
		data[i] = (unsigned char)(i * 7 + i / 251);
	ck_assert_int_eq(raw_call(raw, 0, 1, data, size, &command, &reply), 0);
	ck_assert_uint_eq(command, BR_REPLY);
	ck_assert_uint_eq(reply.data_size, size);
	ck_assert_int_eq(memcmp((void *)(uintptr_t)reply.data.ptr.buffer, data, size), 0);
	raw_put_free(raw, reply.data.ptr.buffer);
	ck_assert_int_eq(raw_exchange(raw, false, false), 0);
	free(data);
}

void check_daemon_answers(void)
{
	struct raw raw;

	ck_assert_int_eq(raw_open(&raw, world.device, 1 << 20), 0);
	check_echo(&raw, 100);
	raw_close(&raw);
}

void check_fds_return_to(int before)
{
	int now = -1;

	/* Hang-ups come to the daemon one by one: there is nothing to wait on. */
	for (int i = 0; i < limit_of(5000); i++) {
		now = world_fds(&world);
		if (now <= before)
			return;
		poll(NULL, 0, 1);
	}
	ck_assert_int_le(now, before);
}

int main(void)
{
	SRunner *runner = srunner_create(client_suite());
	int failed;

	signal(SIGPIPE, SIG_IGN);
	srunner_add_suite(runner, sizes_suite());
	srunner_add_suite(runner, label_suite());
	srunner_add_suite(runner, nice_suite());
	if (!world_has_valgrind()) {
		/* Wild addresses on purpose. */
		srunner_add_suite(runner, pointer_suite());
		/* All of a process waits there while one of its threads closes something. */
		srunner_add_suite(runner, closing_suite());
	}
	srunner_add_suite(runner, freezer_suite());
	srunner_add_suite(runner, signals_suite());
	srunner_add_suite(runner, cancel_suite());
	srunner_add_suite(runner, throttle_suite());
	srunner_add_suite(runner, files_suite());
	srunner_add_suite(runner, life_suite());
	srunner_add_suite(runner, hostile_suite());
	srunner_add_suite(runner, flood_suite());
	srunner_set_fork_status(runner, CK_FORK);
	srunner_add_suite(runner, memory_suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
