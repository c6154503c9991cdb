// SPDX-License-Identifier: MIT
/*
 * loading.c: the module is loaded again and again, and each time something fails in that.
 *
 * loading FILE.ko SECONDS: the Nth thing that can fail while the module is loaded does
 * (/proc/self/fail-nth), the last ones first: the kernel's own loader comes before the module's
 * init function.  Either the module is not there then, or it works.  Meanwhile somebody
 * tries to open what is there for a moment only.  inside.sh runs it as
 * root where the kernel can do that.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "uapi.h"

#define DEVICE "/dev/loading"
#define NEVER 1000000000

static int nth_fd;

static void set_nth(int nth)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", nth);

	/* What was left may hit this very write, and then nothing is left. */
	if (pwrite(nth_fd, text, (size_t)size, 0) != size &&
	    pwrite(nth_fd, text, (size_t)size, 0) != size) {
		perror("loading: /proc/thread-self/fail-nth");
		exit(3);
	}
}

static int get_nth(void)
{
	char text[16] = "";

	/* What was left may have hit this very read. */
	return pread(nth_fd, text, sizeof(text) - 1, 0) > 0 ? atoi(text) : 1;
}

/* Loads it, and the Nth thing fails; what is left of nth. */
static int load(int fd, int nth, int *err)
{
	int left;

	set_nth(nth);
	*err = syscall(SYS_finit_module, fd, "devices=loading,loading2", 0) < 0 ? errno : 0;
	left = get_nth();
	set_nth(0);
	return left;
}

/* It is there, opens, and answers. */
static int works(void)
{
	struct binder_version version = { .protocol_version = 0 };
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC), r;

	r = fd < 0 ? -1 : ioctl(fd, BINDER_VERSION, &version);
	close(fd);
	return r == 0 && version.protocol_version == 8;
}

static pid_t start_opener(void)
{
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		fd = open(DEVICE, O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		else if (errno == ENOENT)
			sched_yield();
	}
}

/* The opener may have it open just now. */
static int unload(void)
{
	int tries, r = -1;

	for (tries = 0; r < 0 && tries < 10000; tries++) {
		r = (int)syscall(SYS_delete_module, "binder_any", O_NONBLOCK);
		if (r < 0 && errno != EAGAIN && errno != EBUSY)
			break;
	}
	return r;
}

int main(int argc, char **argv)
{
	pid_t opener;
	int fd, err, nth, points, failed = 0, tries = 0, hurt = 0;
	time_t end;

	if (argc != 3 || (fd = open(argv[1], O_RDONLY | O_CLOEXEC)) < 0) {
		fprintf(stderr, "usage: loading FILE.ko SECONDS\n");
		return 2;
	}
	end = time(NULL) + atoi(argv[2]);
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	opener = start_opener();
	points = NEVER - load(fd, NEVER, &err);
	if (err || !works() || unload() < 0) {
		fprintf(stderr, "loading: not hurt, and yet: %s\n", strerror(errno));
		return 1;
	}
	/* A few more than there were: it is not always the same number. */
	for (nth = points + 5; nth > 0 && time(NULL) < end; nth--) {
		int left = load(fd, nth, &err);

		tries++;
		hurt += left == 0;
		failed += err != 0;
		if (!err && left && !works()) {
			fprintf(stderr, "loading: loaded, but does not work (place %d)\n", nth);
			return 1;
		}
		if (err && access("/sys/module/binder_any", F_OK) == 0) {
			fprintf(stderr, "loading: failed, but is there (place %d)\n", nth);
			return 1;
		}
		if (!err && unload() < 0) {
			fprintf(stderr, "loading: unload: %s\n", strerror(errno));
			return 1;
		}
		if (left)
			nth -= left - 1; /* there were fewer: the first time more was new */
	}
	kill(opener, SIGKILL);
	printf("tries %d, failed %d, the last at place %d, not loaded %d\n", tries, hurt, nth + 1,
	       failed);
	return !failed;
}
