/* SPDX-License-Identifier: MIT */
/*
 * device_user_fork.c: the rules about a device that a forked child, or a new image of
 * the program, has inherited.
 */
#include "device_user.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void use_inherited(int fd)
{
	struct binder_version version;

	need(ioctl(fd, BINDER_VERSION, &version) == 0);
	need(readable(fd, WAIT_MS));
	need(close(fd) == 0);
}

void a_forked_child_has_it_too(void)
{
	int fd = manager(0);
	pid_t child = in_child(use_inherited, fd), caller = in_child(call_oneway, 0);

	succeeds(child);
	take_oneway(fd);
	succeeds(caller);
	need(!readable(fd, 0));
}

static volatile pid_t forked = -1;

static void fork_once(int number)
{
	if (forked < 0)
		forked = fork();
}

/* Sends a signal when its parent has fallen asleep. */
static void interrupt_parent(int unused)
{
	char path[64], state = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", getppid());
	while (state != 'S') {
		FILE *file = fopen(path, "re");

		need(file && fscanf(file, "%*d (%*[^)]) %c", &state) == 1);
		fclose(file);
		poll(NULL, 0, 1);
	}
	need(kill(getppid(), SIGUSR1) == 0);
}

void a_handler_may_fork(void)
{
	struct binder_version version;
	int fd = manager(0);
	pid_t child;
	char in[256];

	signal(SIGUSR1, fork_once);
	child = in_child(interrupt_parent, 0);
	need(write_read(fd, NULL, 0, in, sizeof(in), NULL) < 0 && errno == EINTR);
	/* The call of before was the child's as well, and it is over. */
	for (int i = 0; i < 3; i++)
		need(ioctl(fd, BINDER_VERSION, &version) == 0);
	need(close(fd) == 0);
	if (forked == 0)
		exit(0);
	succeeds(child);
	succeeds(forked);
}

static void open_another(int unused)
{
	struct binder_version version;
	int fd = open_device(0);

	need(ioctl(fd, BINDER_VERSION, &version) == 0);
}

void a_child_opens_while_only_a_mapping_is_left(void)
{
	int fd = manager(0);

	need(close(fd) == 0);
	succeeds(in_child(open_another, 0));
	open_another(0);
}

static int at_fork = -1;

static void ask_at_fork(void)
{
	struct binder_version version;

	need(ioctl(at_fork, BINDER_VERSION, &version) == 0);
}

static void close_at_fork(void)
{
	need(close(at_fork) == 0);
}

/* As Android's libbinder does: its handlers are older than its first device. */
void handlers_of_fork_may_use_it(void)
{
	need(pthread_atfork(ask_at_fork, ask_at_fork, close_at_fork) == 0);
	at_fork = manager(0);
	succeeds(in_child(open_another, 0));
	ask_at_fork();
}

char *self;

static void exec_user(int fd)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", fd);
	execl(self, self, "--inherited", number, (char *)NULL);
	need(!"exec");
}

/* What the new image does: it has to find out what the descriptor is. */
int be_executed(int fd)
{
	struct binder_transaction_data tr;
	char in[256];

	need(fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	write_word(fd, BC_ENTER_LOOPER);
	/* The text lies in a mapping that only the old image had. */
	do
		need(readable(fd, WAIT_MS));
	while (!read_for(fd, BR_TRANSACTION, &tr));
	need(tr.code == 7);
	free_buffer(fd, tr.data.ptr.buffer);
	need(!readable(fd, 0));
	need(write_read(fd, NULL, 0, in, sizeof(in), NULL) < 0 && errno == EAGAIN);
	return 0;
}

void a_new_image_recognises_it(void)
{
	int fd = open_device(0), zero = 0;
	pid_t child, caller;

	need(map(fd) != NULL);
	need(ioctl(fd, BINDER_SET_CONTEXT_MGR, &zero) == 0);
	child = in_child(exec_user, fd);
	caller = in_child(call_oneway, 0);
	succeeds(child);
	succeeds(caller);
}

/* As a subprocess that is about to be another program: our table is not its own. */
void a_vfork_child_leaves_it_alone(void)
{
	struct binder_version version;
	int fd = open_device(0), status;
	pid_t child = vfork();

	if (child == 0) {
		close(fd);
		_exit(0);
	}
	need(child > 0 && waitpid(child, &status, 0) == child && status == 0);
	need(ioctl(fd, BINDER_VERSION, &version) == 0);
}
