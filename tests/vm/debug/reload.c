// SPDX-License-Identifier: MIT
/*
 * reload.c: the module goes and comes back while processes open and use its device.
 *
 * reload FILE.ko ROUNDS PROCESSES: run by inside.sh as root, with the module not
 * loaded.  Each round loads it as /dev/reload; then it is unloaded as soon as, by chance, nobody
 * has the device open.  Ends with 0 if every round came to its end.
 */
#include "uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DEVICE "/dev/reload"
#define VIEWS "/sys/kernel/debug/binder_any/reload/"
#define ROUND_SECONDS 60

/* All processes see it. */
static struct counts {
	unsigned long opens, calls, views, refused;
} * counts;

static void count(unsigned long *what)
{
	__atomic_add_fetch(what, 1, __ATOMIC_RELAXED);
}

static void pause_for(unsigned int microseconds)
{
	if (microseconds)
		usleep(microseconds);
}

/* ---- those who use it ------------------------------------------------------------- */

/* A call of nobody: it fails, after all that a call does first. */
static void use(int fd)
{
	struct __attribute__((packed)) {
		__u32 command;
		struct binder_transaction_data tr;
	} out = { .command = BC_TRANSACTION, .tr.flags = TF_ONE_WAY };
	char in[256];
	struct binder_write_read bwr = {
		.write_buffer = (__u64)(unsigned long)&out,
		.write_size = sizeof(out),
		.read_buffer = (__u64)(unsigned long)in,
		.read_size = sizeof(in),
	};
	struct pollfd poller = { .fd = fd, .events = POLLIN };

	ioctl(fd, BINDER_SET_CONTEXT_MGR, 0);
	ioctl(fd, BINDER_WRITE_READ, &bwr);
	poll(&poller, 1, 0);
	count(&counts->calls);
}

/* At all of the device, or at what this process has open of it, which comes and goes. */
static void look(bool own)
{
	char path[64], text[4096];
	int fd;

	snprintf(path, sizeof(path), own ? VIEWS "proc/%d" : VIEWS "state", getpid());
	fd = open(path, O_RDONLY);

	if (fd < 0)
		return;
	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
	count(&counts->views);
}

static void *hammer(void *first_seed)
{
	unsigned int seed = (unsigned int)(uintptr_t)first_seed;
	void *map;
	int fd;

	for (;;) {
		pause_for((unsigned int)rand_r(&seed) % 4000);
		if (rand_r(&seed) % 8 == 0)
			look(rand_r(&seed) % 2);
		fd = open(DEVICE, O_RDWR | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			continue;
		count(&counts->opens);
		map = mmap(NULL, 1u << 20, PROT_READ, MAP_PRIVATE, fd, 0);
		if (rand_r(&seed) % 2)
			use(fd);
		close(fd); /* the mapping keeps it open */
		if (map != MAP_FAILED)
			munmap(map, 1u << 20);
	}
	return NULL;
}

/* Two threads, so that one opens the device while the other one's open goes. */
static void hammers(unsigned int number)
{
	pthread_t thread;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pthread_create(&thread, NULL, hammer, (void *)(uintptr_t)(2 * number)))
		_exit(1);
	hammer((void *)(uintptr_t)(2 * number + 1));
}

/* ---- coming and going ----------------------------------------------------------------- */

static bool load(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -1 : (int)syscall(SYS_finit_module, fd, "devices=reload", 0);

	if (r < 0)
		fprintf(stderr, "reload: load: %s\n", strerror(errno));
	if (fd >= 0)
		close(fd);
	return r == 0;
}

static bool unload(unsigned int *seed)
{
	time_t end = time(NULL) + ROUND_SECONDS;

	while (syscall(SYS_delete_module, "binder_any", O_NONBLOCK) < 0) {
		if ((errno != EAGAIN && errno != EBUSY) || time(NULL) > end) {
			fprintf(stderr, "reload: unload: %s\n", strerror(errno));
			return false;
		}
		count(&counts->refused);
		pause_for((unsigned int)rand_r(seed) % 1000);
	}
	return true;
}

int main(int argc, char **argv)
{
	int rounds = argc == 4 ? atoi(argv[2]) : 0, processes = argc == 4 ? atoi(argv[3]) : 0;
	unsigned int seed = 1;
	pid_t pids[32];
	int i, done;

	if (rounds < 1 || processes < 1 || processes > 32) {
		fprintf(stderr, "usage: reload FILE.ko ROUNDS PROCESSES\n");
		return 2;
	}
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (counts == MAP_FAILED)
		return 1;
	for (i = 0; i < processes; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			hammers((unsigned int)i + 1);
	}
	for (done = 0; done < rounds; done++) {
		if (!load(argv[1]))
			break;
		pause_for(20000 + (unsigned int)rand_r(&seed) % 100000);
		if (!unload(&seed))
			break;
	}
	for (i = 0; i < processes; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	printf("rounds %d, opens %lu, calls %lu, views %lu, unloads refused %lu\n", done,
	       counts->opens, counts->calls, counts->views, counts->refused);
	return done == rounds && counts->opens && counts->refused ? 0 : 1;
}
