/* SPDX-License-Identifier: MIT */
/*
 * device_user.c: a program that uses /dev/binder as it would the kernel's.
 *
 * preload.sh runs it in a sandbox with the preload library, as "device_user
 * RULE" for each rule that it names; status 0 means that the rule holds.  It
 * becomes context manager of /dev/hwbinder, so nobody else is needed.
 */
#include "device_user.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the rules ----------------------------------------------------------------- */

static void every_way_to_open_works(void)
{
	struct binder_version version = { 0 };
	int fds[] = {
		open(DEVICE, O_RDWR),
		open64(DEVICE, O_RDWR | O_CLOEXEC),
		openat(AT_FDCWD, DEVICE, O_RDWR),
		openat64(AT_FDCWD, DEVICE, O_RDWR),
		open("/dev/binderfs/hwbinder", O_RDWR),
		open("/dev/vndbinder", O_RDWR),
	};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		need(fds[i] == (int)i + 3);
		need(ioctl(fds[i], BINDER_VERSION, &version) == 0);
		need(version.protocol_version == BINDER_CURRENT_PROTOCOL_VERSION);
		need(fcntl(fds[i], F_GETFD) == (i == 1 ? FD_CLOEXEC : 0));
	}
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		need(close(fds[i]) == 0);
	need(ioctl(fds[0], BINDER_VERSION, &version) < 0 && errno == EBADF);
	need(open("/dev/binderfs/none", O_RDWR) < 0 && errno == ENOENT);
}

static void a_probe_sees_a_character_device(void)
{
	struct stat st;
	struct statx stx;

	need(access(DEVICE, R_OK | W_OK) == 0);
	need(access(DEVICE, X_OK) < 0 && errno == EACCES);
	need(faccessat(AT_FDCWD, DEVICE, F_OK, 0) == 0);
	need(stat(DEVICE, &st) == 0 && S_ISCHR(st.st_mode));
	need(lstat(DEVICE, &st) == 0 && S_ISCHR(st.st_mode));
	need(fstatat(AT_FDCWD, DEVICE, &st, 0) == 0 && S_ISCHR(st.st_mode));
	need(statx(AT_FDCWD, DEVICE, 0, STATX_TYPE, &stx) == 0 && S_ISCHR(stx.stx_mode));
	need(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
	need(access("/dev/binderfs/none", F_OK) < 0 && errno == ENOENT);
}

static void a_descriptor_is_a_character_device(void)
{
	int fd = open_device(0);
	struct stat st;
	struct statx stx;

	need(fstat(fd, &st) == 0 && S_ISCHR(st.st_mode));
	need(fstatat(fd, "", &st, AT_EMPTY_PATH) == 0 && S_ISCHR(st.st_mode));
	need(statx(fd, "", AT_EMPTY_PATH, STATX_TYPE, &stx) == 0 && S_ISCHR(stx.stx_mode));
}

static void features_are_answered(void)
{
	char text[8] = "";
	FILE *file = fopen("/dev/binderfs/features/extended_error", "re");
	int fd = open("/dev/binderfs/features/oneway_spam_detection", O_RDONLY | O_CLOEXEC);

	need(file && fgets(text, sizeof(text), file) && strcmp(text, "1\n") == 0);
	need(fd >= 0 && read(fd, text, sizeof(text)) == 2 && memcmp(text, "1\n", 2) == 0);
	need(open("/dev/binderfs/features/none", O_RDONLY) < 0 && errno == ENOENT);
}

static void the_buffer_is_read_only(void)
{
	int fd = open_device(0);
	void *buffer;

	need(mmap(NULL, MAP, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0) == MAP_FAILED &&
	     errno == EPERM);
	buffer = mmap64(NULL, MAP, PROT_READ, MAP_PRIVATE, fd, 0);
	need(buffer != MAP_FAILED);
	need(mprotect(buffer, MAP, PROT_READ | PROT_WRITE) < 0);
	need(munmap(buffer, MAP) == 0);
	need(mmap(NULL, MAP, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == EBUSY);
}

static void bad_addresses_are_efault(void)
{
	char *edge = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), in[256];
	struct command command = { .word = BC_TRANSACTION };
	int fd = manager(O_NONBLOCK);

	need(edge != MAP_FAILED && mprotect(edge, 4096, PROT_READ | PROT_WRITE) == 0);
	edge += 4096;
	need(ioctl(fd, BINDER_WRITE_READ, NULL) < 0 && errno == EFAULT);
	need(ioctl(fd, BINDER_WRITE_READ, edge) < 0 && errno == EFAULT);
	need(ioctl(fd, BINDER_WRITE_READ, edge - 8) < 0 && errno == EFAULT);
	need(ioctl(fd, BINDER_VERSION, edge) < 0 && errno == EINVAL);
	need(ioctl(fd, BINDER_GET_EXTENDED_ERROR, edge - 4) < 0 && errno == EFAULT);
	need(write_read(fd, edge, 8, NULL, 0, NULL) < 0 && errno == EFAULT);
	need(write_read(fd, NULL, 0, edge - 2, 256, NULL) < 0 && errno == EFAULT);
	command.tr.target.handle = 1;
	command.tr.data_size = 8192;
	command.tr.data.ptr.buffer = (uintptr_t)edge - 4096;
	need(write_read(fd, &command, sizeof(command), NULL, 0, NULL) == 0);
	need(read_for(fd, BR_FAILED_REPLY, NULL));
	need(write_read(fd, NULL, 0, in, sizeof(in), NULL) < 0 && errno == EAGAIN);
}

static void poll_waits_for_a_call(void)
{
	int fd = manager(0);
	pid_t child;

	need(!readable(fd, 0));
	for (int i = 0; i < 20; i++) {
		child = in_child(call_oneway, 0);
		need(readable(fd, WAIT_MS));
		need(readable(fd, 0)); /* until it is read */
		take_oneway(fd);
		need(!readable(fd, 0));
		succeeds(child);
	}
}

static void select_and_epoll_wait_for_a_call(void)
{
	int fd = manager(O_NONBLOCK), set = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = { .events = EPOLLIN };
	fd_set fds;
	pid_t child;

	need(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
	need(epoll_wait(set, &event, 1, 0) == 0);
	child = in_child(call_oneway, 0);
	need(epoll_wait(set, &event, 1, WAIT_MS) == 1 && event.events == EPOLLIN);
	FD_ZERO(&fds);
	FD_SET(fd, &fds);
	need(select(fd + 1, &fds, NULL, NULL, NULL) == 1 && FD_ISSET(fd, &fds));
	take_oneway(fd);
	need(epoll_wait(set, &event, 1, 0) == 0);
	succeeds(child);
}

/* As with the device: POLLIN alone, also while a call lies there. */
static void poll_never_says_writable(void)
{
	int fd = manager(O_NONBLOCK), set = epoll_create1(EPOLL_CLOEXEC);
	struct pollfd asked = { .fd = fd, .events = POLLIN | POLLOUT };
	struct epoll_event event = { .events = EPOLLIN | EPOLLOUT };
	struct timeval now = { 0 };
	fd_set in, out;
	pid_t child;

	need(poll(&asked, 1, 0) == 0);
	need(ppoll(&asked, 1, &(struct timespec){ 0 }, NULL) == 0);
	need(epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
	need(epoll_wait(set, &event, 1, 0) == 0);
	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(fd, &out);
	need(select(fd + 1, NULL, &out, NULL, &now) == 0 && !FD_ISSET(fd, &out));
	child = in_child(call_oneway, 0);
	need(readable(fd, WAIT_MS));
	need(poll(&asked, 1, WAIT_MS) == 1 && asked.revents == POLLIN);
	need(epoll_wait(set, &event, 1, WAIT_MS) == 1 && event.events == EPOLLIN);
	FD_SET(fd, &in);
	FD_SET(fd, &out);
	need(select(fd + 1, &in, &out, NULL, NULL) == 1 && !FD_ISSET(fd, &out));
	take_oneway(fd);
	succeeds(child);
}

/* Beside a device, whoever else can be written to is said to be. */
static void poll_says_that_others_are_writable(void)
{
	int ends[2], fd = open_device(0);
	struct pollfd asked[2];

	need(pipe(ends) == 0);
	asked[0] = (struct pollfd){ .fd = fd, .events = POLLOUT };
	asked[1] = (struct pollfd){ .fd = ends[1], .events = POLLOUT };
	need(poll(asked, 2, WAIT_MS) == 1 && !asked[0].revents && asked[1].revents == POLLOUT);
	need(asked[0].events == POLLOUT);
}

static void several_calls_keep_it_readable(void)
{
	int fd = manager(0);
	pid_t children[8];

	for (int i = 0; i < 8; i++)
		children[i] = in_child(call_oneway, 0);
	for (int i = 0; i < 8; i++)
		succeeds(children[i]);
	for (int i = 0; i < 8; i++) {
		need(readable(fd, 0));
		take_oneway(fd);
	}
	need(!readable(fd, 0));
}

static void a_reply_is_polled_for(void)
{
	struct binder_transaction_data tr;
	int fd = manager(0);
	pid_t child = in_child(call_and_wait, 0);

	need(readable(fd, WAIT_MS));
	need(read_for(fd, BR_TRANSACTION, &tr) && tr.code == 8 && tr.sender_pid == child);
	free_buffer(fd, tr.data.ptr.buffer);
	send_call(fd, BC_REPLY, 0, 0, "answer");
	need(readable(fd, WAIT_MS));
	need(read_for(fd, BR_TRANSACTION_COMPLETE, NULL));
	succeeds(child);
}

static void nonblock_is_switched(void)
{
	int fd = manager(O_NONBLOCK);
	char in[256];
	pid_t child;

	need(fcntl(fd, F_GETFL) & O_NONBLOCK);
	need(write_read(fd, NULL, 0, in, sizeof(in), NULL) < 0 && errno == EAGAIN);
	need(fcntl(fd, F_SETFL, O_RDWR) == 0);
	child = in_child(call_oneway, 0);
	take_oneway(fd); /* waits */
	succeeds(child);
	need(fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
	need(write_read(fd, NULL, 0, in, sizeof(in), NULL) < 0 && errno == EAGAIN);
}

static void duplicates_are_the_device(void)
{
	struct binder_version version;
	int fd = manager(O_NONBLOCK), copies[] = {
		dup(fd),
		dup2(fd, 40),
		dup3(fd, 41, O_CLOEXEC),
		fcntl(fd, F_DUPFD, 50),
		fcntl(fd, F_DUPFD_CLOEXEC, 60),
	};
	pid_t child;

	need(copies[1] == 40 && copies[3] == 50 && copies[4] == 60);
	need(close(fd) == 0);
	for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
		need(ioctl(copies[i], BINDER_VERSION, &version) == 0);
		child = in_child(call_oneway, 0);
		need(readable(copies[i], WAIT_MS));
		take_oneway(copies[i]);
		succeeds(child);
		if (i > 0)
			need(close(copies[i]) == 0);
	}
	/* The last one: the device is released, and its name is free. */
	need(munmap(buffer_of_manager, MAP) == 0);
	need(close(copies[0]) == 0);
	fd = manager(0);
}

static void another_file_takes_a_number_over(void)
{
	struct binder_version version;
	int fd = open_device(0), null = open("/dev/null", O_RDWR);

	need(dup2(null, fd) == fd);
	need(ioctl(fd, BINDER_VERSION, &version) < 0 && errno == ENOTTY);
	need(write(fd, "x", 1) == 1);
}

static void *block(void *argument)
{
	char in[256];
	size_t got = 1;
	int fd = *(int *)argument, r = write_read(fd, NULL, 0, in, sizeof(in), &got);

	return (void *)(intptr_t)(r == 0 && got <= sizeof(uint32_t) ? 0 : 1);
}

static void closing_makes_blocked_reads_return(void)
{
	int fd = manager(0), copy = dup(fd);
	pthread_t thread;
	void *result;

	need(pthread_create(&thread, NULL, block, &copy) == 0);
	/* Whether it waits already does not matter if one close comes after the other. */
	for (;;) {
		struct timespec until;

		need(close(dup(fd)) == 0);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 1000000;
		if (until.tv_nsec >= 1000000000) {
			until.tv_nsec -= 1000000000;
			until.tv_sec++;
		}
		if (pthread_timedjoin_np(thread, &result, &until) == 0)
			break;
	}
	need(result == NULL);
}

/* The next read of a thread that was not in one: once. */
static void closing_returns_the_next_read(void)
{
	int fd = manager(O_NONBLOCK), copy = dup(fd);
	char in[256];
	size_t got;

	need(write_read(fd, NULL, 0, in, sizeof(in), NULL) < 0 && errno == EAGAIN);
	need(close(copy) == 0);
	need(write_read(fd, NULL, 0, in, sizeof(in), &got) == 0 && got == 4);
	need(write_read(fd, NULL, 0, in, sizeof(in), NULL) < 0 && errno == EAGAIN);
	need(!readable(fd, 0));
}

static void a_mapping_keeps_the_device(void)
{
	int fd = open_device(0), zero = 0, other = open_device(0);
	void *buffer = map(fd);

	need(ioctl(fd, BINDER_SET_CONTEXT_MGR, &zero) == 0);
	need(close(fd) == 0);
	need(ioctl(other, BINDER_SET_CONTEXT_MGR, &zero) < 0 && errno == EBUSY);
	need(munmap(buffer, MAP) == 0);
	/* Hanging up takes its time. */
	while (ioctl(other, BINDER_SET_CONTEXT_MGR, &zero) < 0)
		need(errno == EBUSY);
}

static void it_is_no_stream(void)
{
	struct iovec piece = { (char[4]){ "abc" }, 4 };
	int fd = open_device(0);
	char byte = 0;

	need(read(fd, &byte, 1) < 0 && errno == EINVAL);
	need(write(fd, &byte, 1) < 0 && errno == EINVAL);
	need(readv(fd, &piece, 1) < 0 && errno == EINVAL);
	need(writev(fd, &piece, 1) < 0 && errno == EINVAL);
	need(lseek(fd, 0, SEEK_SET) < 0 && errno == ESPIPE);
	need(ioctl(fd, BINDER_VERSION, &(struct binder_version){ 0 }) == 0);
}

static void *open_and_close(void *unused)
{
	struct binder_version version;

	for (int i = 0; i < 200; i++) {
		int fd = open_device(O_CLOEXEC), copy = dup(fd);

		need(ioctl(copy, BINDER_VERSION, &version) == 0);
		need(close(fd) == 0);
		need(ioctl(copy, BINDER_VERSION, &version) == 0);
		need(close(copy) == 0);
	}
	return NULL;
}

static void threads_open_and_close_at_once(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		need(pthread_create(&threads[i], NULL, open_and_close, NULL) == 0);
	for (int i = 0; i < 4; i++)
		need(pthread_join(threads[i], NULL) == 0);
	/* None is left over. */
	need(open_device(0) == 3);
}

static int taken; /* atomic */

static void *poll_and_take(void *argument)
{
	int fd = *(int *)argument;
	char in[256];

	write_word(fd, BC_ENTER_LOOPER);
	while (__atomic_load_n(&taken, __ATOMIC_SEQ_CST) < 100) {
		struct binder_transaction_data tr;
		size_t got = 0;

		if (!readable(fd, 50) || write_read(fd, NULL, 0, in, sizeof(in), &got) < 0)
			continue;
		for (char *at = in; at < in + got;) {
			uint32_t found;

			memcpy(&found, at, sizeof(found));
			at += sizeof(found);
			if (found == BR_TRANSACTION) {
				memcpy(&tr, at, sizeof(tr));
				free_buffer(fd, tr.data.ptr.buffer);
				__atomic_add_fetch(&taken, 1, __ATOMIC_SEQ_CST);
			}
			at += _IOC_SIZE(found);
		}
	}
	return NULL;
}

static void send_many(int count)
{
	int fd = open_device(0);

	map(fd);
	for (int i = 0; i < count; i++) {
		send_call(fd, BC_TRANSACTION, 7, TF_ONE_WAY, "hello");
		need(read_for(fd, BR_TRANSACTION_COMPLETE, NULL));
	}
}

static void threads_that_poll_miss_nothing(void)
{
	int fd = manager(O_NONBLOCK);
	pthread_t threads[4];
	pid_t children[4];

	for (int i = 0; i < 4; i++)
		need(pthread_create(&threads[i], NULL, poll_and_take, &fd) == 0);
	for (int i = 0; i < 4; i++)
		children[i] = in_child(send_many, 25);
	for (int i = 0; i < 4; i++)
		succeeds(children[i]);
	for (int i = 0; i < 4; i++)
		need(pthread_join(threads[i], NULL) == 0);
	need(taken == 100);
	need(!readable(fd, 0));
}

#define RULE(name) \
	{ \
#name, name \
	}
static const struct {
	const char *name;
	void (*run)(void);
} rules[] = {
	RULE(every_way_to_open_works),
	RULE(a_probe_sees_a_character_device),
	RULE(a_descriptor_is_a_character_device),
	RULE(features_are_answered),
	RULE(binderfs_can_be_listed),
	RULE(every_way_to_list_works),
	RULE(a_directory_s_descriptor_leads_to_devices),
	RULE(logs_can_be_read),
	RULE(processes_have_a_log_while_they_live),
	RULE(links_and_attributes_are_none),
	RULE(calls_by_number_are_seen),
	RULE(the_buffer_is_read_only),
	RULE(bad_addresses_are_efault),
	RULE(poll_waits_for_a_call),
	RULE(select_and_epoll_wait_for_a_call),
	RULE(poll_never_says_writable),
	RULE(poll_says_that_others_are_writable),
	RULE(several_calls_keep_it_readable),
	RULE(a_reply_is_polled_for),
	RULE(nonblock_is_switched),
	RULE(duplicates_are_the_device),
	RULE(another_file_takes_a_number_over),
	RULE(closing_makes_blocked_reads_return),
	RULE(closing_returns_the_next_read),
	RULE(a_mapping_keeps_the_device),
	RULE(it_is_no_stream),
	RULE(a_forked_child_has_it_too),
	RULE(a_handler_may_fork),
	RULE(a_child_opens_while_only_a_mapping_is_left),
	RULE(handlers_of_fork_may_use_it),
	RULE(a_new_image_recognises_it),
	RULE(a_vfork_child_leaves_it_alone),
	RULE(threads_open_and_close_at_once),
	RULE(threads_that_poll_miss_nothing),
};

int main(int argc, char **argv)
{
	self = argv[0];
	alarm((unsigned int)limit_of(60));
	if (argc == 3 && strcmp(argv[1], "--inherited") == 0)
		return be_executed(atoi(argv[2]));
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (argc < 2) {
			puts(rules[i].name);
		} else if (strcmp(argv[1], rules[i].name) == 0) {
			rules[i].run();
			return 0;
		}
	}
	return argc < 2 ? 0 : 2;
}
