// SPDX-License-Identifier: MIT
/*
 * faults.c: every allocation and every copy of the module's fails once.
 *
 * faults DEVICE SECONDS: a client and a server go through one scenario again and again;
 * each time one of them is the victim, and the Nth thing that can fail in one of its calls
 * of the device does (/proc/self/fail-nth).  All calls of both have their turn before one has
 * its next, and what is hurt in a long one goes from coarse to fine: so whatever time there
 * is, all of the scenario is reached.  inside.sh runs it as root where the kernel can
 * do that.  Ends with 0 if the scenario passed whenever nobody was hurt; what
 * the kernel thinks of it is in its log.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "faults.h"

#define NEVER 1000000000 /* a count that no call reaches */
#define STEPS_MAX 200
#define RUN_SECONDS 120 /* that one run may take */

/* Both processes see it. */
static struct run {
	enum role victim;
	int step;              /* which of the victim's calls is hurt */
	int nth;               /* ... and where; NEVER: nowhere, and all of them are measured */
	int calls;             /* that the victim has made */
	int left;              /* of nth, after that call; 0: it was hurt */
	int ready;             /* the server serves (1) or has given up (-1) */
	int complaints;        /* of the client */
	int points[STEPS_MAX]; /* where each call can fail, if that is measured */
} * run;

static enum role role;
static const char *device;

/* ---- hurting --------------------------------------------------------------------- */

static int open_nth(void)
{
	static int fd = -1;
	static pid_t owner;

	if (owner != getpid()) {
		owner = getpid();
		fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	}
	return fd;
}

static void write_nth(int nth)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", nth);

	/* What was left may hit this very write, and then nothing is left. */
	if (pwrite(open_nth(), text, (size_t)size, 0) != size &&
	    pwrite(open_nth(), text, (size_t)size, 0) != size) {
		perror("faults: /proc/thread-self/fail-nth");
		_exit(3);
	}
}

bool hurt_begin(void)
{
	int call;

	if (role != run->victim)
		return false;
	call = run->calls++;
	if (run->nth == NEVER ? call >= STEPS_MAX : call != run->step)
		return false;
	write_nth(run->nth);
	return true;
}

void hurt_end(bool begun)
{
	int saved = errno;
	char text[16];
	ssize_t size;

	if (!begun)
		return;
	size = pread(open_nth(), text, sizeof(text) - 1, 0);
	/* What was left may have hit this very read. */
	run->left = size > 0 ? (text[size] = '\0', atoi(text)) : 1;
	write_nth(0);
	if (run->nth == NEVER)
		run->points[run->calls - 1] = NEVER - run->left;
	errno = saved;
}

void complain(const char *what)
{
	if (role == CLIENT)
		run->complaints++;
	if (run->nth == NEVER)
		fprintf(stderr, "faults: %s: %s\n", what, strerror(errno));
}

/* ---- one run of the scenario --------------------------------------------------------- */

static void interrupted(int signal) {}

static void become(enum role who)
{
	/* Who waits in vain gives up; when nobody is hurt, nobody does. */
	const time_t seconds = run->nth == NEVER ? 60 : 2;
	const struct itimerval often = { { seconds, 0 }, { seconds, 0 } };
	struct sigaction action = { .sa_handler = interrupted };

	role = who;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static pid_t start_server(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		become(SERVER);
		serve(device, &run->ready);
		_exit(0);
	}
	return pid;
}

static pid_t start_client(pid_t server)
{
	pid_t pid = fork();
	int i;

	if (pid == 0) {
		become(CLIENT);
		for (i = 0; i < 5000 && !__atomic_load_n(&run->ready, __ATOMIC_ACQUIRE); i++)
			usleep(1000);
		client(device, server);
		_exit(0);
	}
	return pid;
}

static void show_file(pid_t pid, const char *name)
{
	char path[64], text[4096];
	ssize_t size;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	size = fd < 0 ? -1 : read(fd, text, sizeof(text));
	printf("%s: %.*s\n", path, size < 0 ? 0 : (int)size, text);
	close(fd);
}

/* Whoever waits in vain gives up within seconds; what takes minutes has no end, which is a failure. */
static void await_end(pid_t client, pid_t server)
{
	struct pollfd pfd = { .fd = (int)syscall(SYS_pidfd_open, client, 0), .events = POLLIN };
	int r = poll(&pfd, 1, RUN_SECONDS * 1000);

	close(pfd.fd);
	if (r == 1)
		return;
	printf("victim %d, step %d, nth %d: no end, after %d calls\n", run->victim, run->step,
	       run->nth, run->calls);
	show_file(client, "stack");
	show_file(client, "wchan");
	show_file(server, "stack");
	show_file(server, "wchan");
	exit(1);
}

/* True: the victim made the call that was to be hurt. */
static bool once(enum role victim, int step, int nth)
{
	pid_t server, other;
	int status;

	*run = (struct run){ .victim = victim, .step = step, .nth = nth, .left = -1 };
	server = start_server();
	other = start_client(server);
	await_end(other, server);
	waitpid(other, &status, 0);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "faults: the client died\n");
		exit(1);
	}
	return run->left >= 0;
}

/* ---- all of them ------------------------------------------------------------------------ */

/* What is known of each role's calls of the device. */
static struct plan {
	int calls;
	int points[STEPS_MAX]; /* where each can fail */
	unsigned int next[STEPS_MAX];
} plans[2];

static struct {
	unsigned int runs, calls, points, hurt, noticed;
} total;

static bool measure(enum role victim)
{
	struct plan *plan = &plans[victim];
	int i;

	once(victim, -1, NEVER);
	if (run->complaints) {
		printf("not hurt, and yet it failed: %s\n", victim == CLIENT ? "client" : "server");
		return false;
	}
	plan->calls = run->calls < STEPS_MAX ? run->calls : STEPS_MAX;
	memcpy(plan->points, run->points, sizeof(plan->points));
	for (i = 0; i < plan->calls; i++)
		total.points += (unsigned int)plan->points[i];
	total.calls += (unsigned int)plan->calls;
	return plan->calls > 0;
}

static void hurt_at(enum role victim, int step, int nth)
{
	total.runs++;
	if (!once(victim, step, nth) || run->left)
		return; /* chance has it that there was less to do this time */
	total.hurt++;
	total.noticed += run->complaints > 0;
}

/*
 * The next place of a call: halves, quarters, eighths, ... of it.  The order is that of the
 * reversed bits of a number that counts up.  0: it has had all.
 */
static int next_place(struct plan *plan, int step)
{
	unsigned int bits = 1, number, nth, i;

	while (1u << bits < (unsigned int)plan->points[step])
		bits++;
	while ((number = plan->next[step]++) < 1u << bits) {
		for (nth = 0, i = 0; i < bits; i++)
			nth |= (number >> i & 1) << (bits - 1 - i);
		if (nth < (unsigned int)plan->points[step])
			return (int)nth + 1;
	}
	plan->next[step]--;
	return 0;
}

/* One place of each call; false: there is none left, or no time. */
static bool one_pass(time_t end)
{
	bool more = false;
	int victim, step, nth;

	for (victim = CLIENT; victim <= SERVER; victim++) {
		for (step = 0; step < plans[victim].calls; step++) {
			if (time(NULL) >= end)
				return false;
			nth = next_place(&plans[victim], step);
			if (!nth)
				continue;
			hurt_at(victim, step, nth);
			more = true;
		}
	}
	return more;
}

int main(int argc, char **argv)
{
	unsigned int passes = 0;
	time_t end;

	if (argc != 3) {
		fprintf(stderr, "usage: faults DEVICE SECONDS\n");
		return 2;
	}
	end = time(NULL) + atoi(argv[2]);
	device = argv[1];
	run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run == MAP_FAILED)
		return 1;
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!measure(CLIENT) || !measure(SERVER))
		return 1;
	while (one_pass(end))
		passes++;
	printf("passes %u, runs %u, calls of the device %u, places where they can fail %u, failed "
	       "%u, noticed by the client %u\n",
	       passes, total.runs, total.calls, total.points, total.hurt, total.noticed);
	return !passes || !total.hurt;
}
