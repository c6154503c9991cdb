/* SPDX-License-Identifier: MIT */
/*
 * actors.c: the script's puppets; see actors.h.
 *
 * Script and actor hand a phase to and fro with a futex, so no step waits for
 * time.  Processes are all started by the script (or, for child_new(), by one
 * of them) and die with it.
 */
#include "actors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "device.h"

enum phase {
	PHASE_IDLE = 0,  /* the script may ask */
	PHASE_ASKED = 1, /* the actor has not looked yet */
	PHASE_BUSY = 2,  /* it is inside of the function */
	PHASE_DONE = 3,  /* the script has not looked at the result yet */
};

#define ARENA_SIZE (256ul << 20)

static struct arena {
	size_t used;
} * arena;

void *arena_alloc(size_t size)
{
	size_t at;

	if (!arena) {
		void *map = mmap(NULL, ARENA_SIZE, PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (map == MAP_FAILED)
			fail("no memory to share: %s", strerror(errno));
		arena = map;
		arena->used = 64;
	}
	at = __atomic_fetch_add(&arena->used, (size + 15) & ~15ul, __ATOMIC_SEQ_CST);
	if (at + size > ARENA_SIZE)
		fail("the test uses more memory than there is");
	return (char *)arena + at;
}

static void set_phase(struct actor *actor, enum phase phase)
{
	__atomic_store_n(&actor->phase, phase, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &actor->phase, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static enum phase get_phase(struct actor *actor)
{
	return __atomic_load_n(&actor->phase, __ATOMIC_SEQ_CST);
}

/* Returns when the phase is another one, or now and then. */
static void await_change(struct actor *actor, enum phase from)
{
	struct timespec often = { .tv_nsec = 50 * 1000 * 1000 };

	syscall(SYS_futex, &actor->phase, FUTEX_WAIT, from, &often, NULL, 0);
}

bool actor_has_ended(struct actor *actor)
{
	struct pollfd pfd = { .fd = actor->pidfd, .events = POLLIN };

	return poll(&pfd, 1, 0) == 1;
}

/* ---- the actor's side ----------------------------------------------------------- */

static void *play(void *argument)
{
	struct actor *self = argument;

	/* A process's first thread has its number, whatever it calls itself. */
	self->tid = (pid_t)syscall(SYS_gettid);
	if (self->tid == getpid())
		self->tid = self->pid;
	for (;;) {
		enum phase phase = get_phase(self);

		if (phase != PHASE_ASKED) {
			syscall(SYS_futex, &self->phase, FUTEX_WAIT, phase, NULL, NULL, 0);
			continue;
		}
		set_phase(self, PHASE_BUSY);
		self->result = self->function(self, self->arguments);
		set_phase(self, PHASE_DONE);
	}
	return NULL;
}

static void on_signal(int number) {}

/* As the test numbers it, in whichever pid namespace it is: whose /proc that is. */
static pid_t own_pid(void)
{
	char link[16] = "";

	return readlink("/proc/self", link, sizeof(link) - 1) > 0 ? atoi(link) : getpid();
}

static void become(struct actor *self)
{
	struct sigaction action = { .sa_handler = on_signal };

	/* The group is the test's: the runner kills it whole. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGUSR1, &action, NULL);
	__atomic_store_n(&self->pid, own_pid(), __ATOMIC_SEQ_CST);
	play(self);
	_exit(0);
}

static long do_nothing(struct actor *self, const long *arguments)
{
	return 0;
}

static long do_fork(struct actor *self, const long *arguments)
{
	pid_t pid = fork();

	if (pid == 0)
		become((struct actor *)arguments[0]);
	return pid < 0 ? -errno : pid;
}

static long do_thread(struct actor *self, const long *arguments)
{
	pthread_t thread;

	return -pthread_create(&thread, NULL, play, (void *)arguments[0]);
}

static long do_open(struct actor *self, const long *arguments)
{
	int r = device_open(0);

	if (r < 0)
		return r;
	self->fd = r;
	r = device_map(self->fd, ACTOR_MAP, PROT_READ, MAP_PRIVATE | MAP_NORESERVE, &self->map);
	self->map_size = ACTOR_MAP;
	return r;
}

static long do_ioctl(struct actor *self, const long *arguments)
{
	return device_ioctl(self->fd, (unsigned long)arguments[0], (void *)arguments[1]);
}

static long do_peek(struct actor *self, const long *arguments)
{
	memcpy((void *)arguments[0], (void *)arguments[1], (size_t)arguments[2]);
	return 0;
}

static long do_close(struct actor *self, const long *arguments)
{
	return close((int)arguments[0]) < 0 ? -errno : 0;
}

static long do_fcntl(struct actor *self, const long *arguments)
{
	int r = fcntl((int)arguments[0], (int)arguments[1], arguments[2]);

	return r < 0 ? -errno : r;
}

static long do_poll(struct actor *self, const long *arguments)
{
	struct pollfd pfd = { .fd = self->fd, .events = (short)arguments[0] };
	int r = poll(&pfd, 1, (int)arguments[1]);

	return r < 0 ? -errno : r == 0 ? 0 : pfd.revents;
}

long do_write_read(struct actor *self, const long *arguments)
{
	return device_ioctl(self->fd, BINDER_WRITE_READ, &self->bwr);
}

/* ---- the script's side ---------------------------------------------------------- */

static struct actor *actor_new(void)
{
	struct actor *actor = arena_alloc(sizeof(*actor));

	actor->fd = actor->pidfd = -1;
	actor->room = sizeof(actor->in);
	return actor;
}

static void watch(struct actor *actor, pid_t pid)
{
	actor->pid = pid;
	actor->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (actor->pidfd < 0)
		fail("pidfd_open: %s", strerror(errno));
	fcntl(actor->pidfd, F_SETFD, FD_CLOEXEC);
	actor_do(actor, do_nothing, 0);
}

struct actor *process_bare(void)
{
	struct actor *actor = actor_new();
	pid_t pid = fork();

	if (pid == 0)
		become(actor);
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	watch(actor, pid);
	return actor;
}

/* Whatever a thread's first ioctl is: its read would not wait. */
static void pass_first_ioctl(struct actor *actor)
{
	actor->bwr = (struct binder_write_read){ 0 };
	is(actor_do(actor, do_write_read, 0), 0);
}

void actor_open(struct actor *actor)
{
	long r = actor_do(actor, do_open, 0);

	if (r < 0)
		fail("%s: %s", device_path, strerror((int)-r));
	pass_first_ioctl(actor);
}

struct actor *process_new(void)
{
	struct actor *actor = process_bare();

	actor_open(actor);
	return actor;
}

struct actor *thread_bare(struct actor *of)
{
	struct actor *actor = actor_new();

	actor->pid = of->pid;
	actor->pidfd = of->pidfd;
	actor->fd = of->fd;
	actor->map = of->map;
	actor->map_size = of->map_size;
	is(actor_do(of, do_thread, (long)actor), 0);
	actor_do(actor, do_nothing, 0);
	return actor;
}

struct actor *thread_new(struct actor *of)
{
	struct actor *actor = thread_bare(of);

	pass_first_ioctl(actor);
	return actor;
}

struct actor *open_new(struct actor *of)
{
	struct actor *actor = thread_bare(of);

	actor_open(actor);
	return actor;
}

struct actor *child_new(struct actor *of)
{
	struct actor *actor = actor_new();
	long pid;

	actor->fd = of->fd;
	actor->map = of->map;
	actor->map_size = of->map_size;
	pid = actor_do(of, do_fork, (long)actor);
	if (pid < 0)
		fail("fork: %s", strerror((int)-pid));
	/* What the parent calls it may not be what the test does. */
	while (!__atomic_load_n(&actor->pid, __ATOMIC_SEQ_CST))
		poll(NULL, 0, 1);
	watch(actor, actor->pid);
	return actor;
}

static long do_outlive(struct actor *self, const long *arguments)
{
	return prctl(PR_SET_PDEATHSIG, 0) < 0 ? -errno : 0;
}

void actor_outlive(struct actor *child)
{
	is(actor_do(child, do_outlive, 0), 0);
}

void actor_start_(struct actor *actor, actor_function *function, const long *arguments)
{
	if (get_phase(actor) != PHASE_IDLE)
		fail("the test asks an actor that is not done yet");
	actor->function = function;
	memcpy(actor->arguments, arguments, sizeof(actor->arguments));
	set_phase(actor, PHASE_ASKED);
}

long actor_join(struct actor *actor)
{
	for (;;) {
		enum phase phase = get_phase(actor);

		if (phase == PHASE_DONE) {
			set_phase(actor, PHASE_IDLE);
			return actor->result;
		}
		if (actor_has_ended(actor))
			fail("an actor died (crashed?) inside of what it was doing");
		await_change(actor, phase);
	}
}

bool actor_await_end(struct actor *actor)
{
	while (get_phase(actor) != PHASE_DONE) {
		if (actor_has_ended(actor))
			return true;
		await_change(actor, get_phase(actor));
	}
	return false;
}

long actor_do_(struct actor *actor, actor_function *function, const long *arguments)
{
	actor_start_(actor, function, arguments);
	return actor_join(actor);
}

/* How often it has gone to sleep; -1: it is not asleep. */
static long sleeps(struct actor *actor)
{
	char path[64], line[256], state = '?';
	long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", actor->pid, actor->tid);
	file = fopen(path, "re");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "voluntary_ctxt_switches: %ld", &count);
	}
	fclose(file);
	return state == 'S' ? count : -1;
}

bool actor_blocks(struct actor *actor)
{
	for (;;) {
		enum phase phase = get_phase(actor);
		long before;

		if (phase == PHASE_DONE || phase == PHASE_IDLE)
			return false;
		if (actor_has_ended(actor))
			fail("an actor died (crashed?) where it was to wait");
		before = sleeps(actor);
		/* A driver that is a process may have the answer on its way. */
		device_fence();
		if (phase == PHASE_BUSY && before >= 0 && get_phase(actor) == PHASE_BUSY &&
		    sleeps(actor) == before)
			return true;
	}
}

void actor_interrupt(struct actor *actor)
{
	if (syscall(SYS_tgkill, actor->pid, actor->tid, SIGUSR1) < 0)
		fail("tgkill: %s", strerror(errno));
}

void actor_kill(struct actor *actor)
{
	struct pollfd pfd = { .fd = actor->pidfd, .events = POLLIN };

	if (kill(actor->pid, SIGKILL) < 0 || poll(&pfd, 1, -1) != 1)
		fail("kill: %s", strerror(errno));
	waitpid(actor->pid, NULL, WNOHANG);
}

long actor_ioctl(struct actor *actor, unsigned long cmd, void *shared)
{
	return actor_do(actor, do_ioctl, (long)cmd, (long)shared);
}

void *actor_peek(struct actor *actor, uint64_t address, size_t size)
{
	void *copy = arena_alloc(size);

	actor_do(actor, do_peek, (long)copy, (long)address, (long)size);
	return copy;
}

void actor_close(struct actor *actor, int fd)
{
	is(actor_do(actor, do_close, fd), 0);
}

static long do_unmap(struct actor *self, const long *arguments)
{
	return munmap(self->map, self->map_size) < 0 ? -errno : 0;
}

void actor_unmap(struct actor *actor)
{
	is(actor_do(actor, do_unmap, 0), 0);
}

int actor_fcntl(struct actor *actor, int fd, int cmd, long argument)
{
	return (int)actor_do(actor, do_fcntl, fd, cmd, argument);
}

long actor_poll(struct actor *actor, int events, int timeout_ms)
{
	return actor_do(actor, do_poll, events, timeout_ms);
}
