/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * activation.c: takes over listening sockets, as sd_listen_fds(3) describes.
 *
 * Called by main.c before the folder is opened; directory.c uses a socket from here instead of
 * making one, and leaves its file in place: it belongs to whoever made it.  A device has the name
 * of its socket's file, and all of them are in one folder.
 */
#include "activation.h"
#include "log.h"
#include "options.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3

static struct {
	int fd;
	struct sockaddr_un address;
	const char *name; /* in address */
} given[OPTIONS_MAX_DEVICES];
static u32 given_count;
static char folder[sizeof(given[0].address.sun_path)];

static int option_of(int fd, int name)
{
	socklen_t size = sizeof(int);
	int value;

	return getsockopt(fd, SOL_SOCKET, name, &value, &size) < 0 ? -errno : value;
}

/* NULL: it is a socket that we can use; otherwise what it is not. */
static const char *examine(int fd, struct sockaddr_un *address)
{
	socklen_t size = sizeof(*address) - 1;
	const int on = 1;

	memset(address, 0, sizeof(*address));
	if (option_of(fd, SO_DOMAIN) != AF_UNIX || option_of(fd, SO_TYPE) != SOCK_SEQPACKET ||
	    option_of(fd, SO_ACCEPTCONN) != 1)
		return "it is no listening Unix socket for packets (ListenSequentialPacket=)";
	if (getsockname(fd, (struct sockaddr *)address, &size) < 0 || address->sun_path[0] != '/')
		return "it has no file with a whole path";
	/* Accepted connections inherit the option: each message tells whose it is. */
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
	    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
		return strerror(errno);
	return NULL;
}

static const char *take_one(int fd)
{
	struct sockaddr_un *address = &given[given_count].address;
	const char *why = examine(fd, address), *slash;
	size_t length;

	if (why)
		return why;
	slash = strrchr(address->sun_path, '/');
	length = slash == address->sun_path ? 1 : (size_t)(slash - address->sun_path);
	if (!given_count)
		memcpy(folder, address->sun_path, length);
	else if (strlen(folder) != length || memcmp(folder, address->sun_path, length) != 0)
		return "it is in another folder than the first one";
	if (options_add_device(slash + 1) < 0)
		return "a device cannot have that name, or there are too many";
	given[given_count].fd = fd;
	given[given_count++].name = slash + 1;
	return NULL;
}

/* How many there are: none, when they are for another process. */
static u32 count_given(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	unsigned long n = 0;

	if (pid && count && strtoul(pid, NULL, 10) == (unsigned long)getpid())
		n = strtoul(count, NULL, 10);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return n < UINT16_MAX ? (u32)n : UINT16_MAX;
}

int activation_take(const char *dir)
{
	u32 count = count_given();

	for (u32 i = 0; i < count; i++) {
		const char *why = i < OPTIONS_MAX_DEVICES ? take_one(FIRST_FD + (int)i) :
							    "there are too many";

		if (!why)
			continue;
		log_error("cannot use descriptor %u, a socket of whoever started binderd: %s",
			  FIRST_FD + i, why);
		return -EINVAL;
	}
	if (given_count && dir && strcmp(dir, folder) != 0) {
		log_error("the sockets of whoever started binderd are in %s, and --dir says %s",
			  folder, dir);
		return -EINVAL;
	}
	return 0;
}

const char *activation_dir(void)
{
	return given_count ? folder : NULL;
}

int activation_socket(const char *device)
{
	for (u32 i = 0; i < given_count; i++) {
		if (strcmp(given[i].name, device) == 0)
			return given[i].fd;
	}
	return -1;
}
