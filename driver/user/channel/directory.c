/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * directory.c: the folder of the devices' sockets, held by one binderd at a time.
 *
 * Called by main.c and device.c.  The lock is flock() on binderd.lock, which
 * also holds our pid for whoever wants to stop us; the file stays, since
 * removing it would let two daemons lock two different ones.
 */
#include "directory.h"
#include "activation.h"
#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LOCK_NAME "binderd.lock"

static char path[4096];
static int dir_fd = -1;
static int lock_fd = -1;

const char *directory_path(void)
{
	return path;
}

static int choose_path(const char *given)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int n;

	if (!given || !*given)
		given = activation_dir();
	if (!given || !*given)
		given = getenv("BINDER_DIR");
	if (given && *given)
		n = snprintf(path, sizeof(path), "%s", given);
	else if (geteuid() == 0)
		n = snprintf(path, sizeof(path), "/run/binder");
	else if (runtime && *runtime)
		n = snprintf(path, sizeof(path), "%s/binder", runtime);
	else
		n = 0;
	if (n <= 0) {
		log_error("no directory for the devices: XDG_RUNTIME_DIR is not set; use "
			  "--dir DIR");
		return -ENOENT;
	}
	return (size_t)n < sizeof(path) ? 0 : -ENAMETOOLONG;
}

static int open_directory(void)
{
	struct stat st;

	if (mkdir(path, geteuid() == 0 ? 0755 : 0700) < 0 && errno != EEXIST) {
		log_error("cannot make the directory %s: %s", path, strerror(errno));
		return -errno;
	}
	dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0 || fstat(dir_fd, &st) < 0) {
		log_error("cannot open the directory %s: %s", path, strerror(errno));
		return -errno;
	}
	/* Anyone who can rename our sockets can stand in for us. */
	if (st.st_uid != geteuid() || (st.st_mode & 022)) {
		log_error("%s is not safe: it must belong to uid %u and be writable for nobody "
			  "else; correct it, or choose another with --dir",
			  path, geteuid());
		return -EPERM;
	}
	return 0;
}

static void complain_about_holder(void)
{
	char pid[32];
	ssize_t n = pread(lock_fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? n : 0] = '\0';
	pid[strcspn(pid, "\n")] = '\0';
	log_error("another binderd (pid %s) serves %s; stop it, or use another directory with "
		  "--dir",
		  *pid ? pid : "unknown", path);
}

static int take_lock(void)
{
	char pid[32];
	int n;

	lock_fd = openat(dir_fd, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (lock_fd < 0) {
		log_error("cannot open %s/" LOCK_NAME ": %s", path, strerror(errno));
		return -errno;
	}
	if (flock(lock_fd, LOCK_EX | LOCK_NB) < 0) {
		int r = -errno;

		if (r == -EWOULDBLOCK)
			complain_about_holder();
		else
			log_error("cannot lock %s/" LOCK_NAME ": %s", path, strerror(errno));
		return r;
	}
	n = snprintf(pid, sizeof(pid), "%d\n", getpid());
	if (ftruncate(lock_fd, 0) < 0 || pwrite(lock_fd, pid, (size_t)n, 0) != n)
		log_warning("cannot write our pid to %s/" LOCK_NAME ": %s", path, strerror(errno));
	return 0;
}

int directory_open(const char *given)
{
	int r = choose_path(given);

	if (r == 0)
		r = open_directory();
	if (r == 0)
		r = take_lock();
	if (r < 0)
		directory_close();
	return r;
}

/* Addresses have room for 107 bytes; a longer path goes through /proc. */
static int address_of(const char *name, struct sockaddr_un *ret)
{
	int n;

	memset(ret, 0, sizeof(*ret));
	ret->sun_family = AF_UNIX;
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "%s/%s", path, name);
	if (n >= 0 && (size_t)n < sizeof(ret->sun_path))
		return 0;
	n = snprintf(ret->sun_path, sizeof(ret->sun_path), "/proc/self/fd/%d/%s", dir_fd, name);
	return n >= 0 && (size_t)n < sizeof(ret->sun_path) ? 0 : -ENAMETOOLONG;
}

/* We hold the lock, so a socket that lies here is nobody's. */
static int remove_stale(const char *name)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	return unlinkat(dir_fd, name, 0) < 0 ? -errno : 0;
}

static int bind_and_listen(int fd, const char *name, u32 mode)
{
	struct sockaddr_un address;
	const int on = 1;
	mode_t old;
	int r = address_of(name, &address);

	if (r == 0)
		r = remove_stale(name);
	if (r < 0)
		return r;
	old = umask(0777 & ~(mode & 0600));
	r = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	umask(old);
	/* Accepted connections inherit the option: each message tells whose it is. */
	if (r == 0 && (fchmodat(dir_fd, name, mode, 0) < 0 ||
		       setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
		       listen(fd, SOMAXCONN) < 0))
		r = -errno;
	return r;
}

int directory_listen(const char *name, u32 mode, int *ret)
{
	int fd = activation_socket(name), r;

	if (fd >= 0) {
		*ret = fd;
		return 0;
	}
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	r = fd < 0 ? -errno : bind_and_listen(fd, name, mode);

	if (r == 0) {
		*ret = fd;
		return 0;
	}
	if (r == -EEXIST)
		log_error("%s/%s exists and is not a socket; remove it, or choose another name",
			  path, name);
	else
		log_error("cannot listen on %s/%s: %s", path, name, strerror(-r));
	if (fd >= 0)
		close(fd);
	return r;
}

void directory_unlink(const char *name)
{
	if (activation_socket(name) < 0)
		unlinkat(dir_fd, name, 0);
}

void directory_close(void)
{
	if (lock_fd >= 0)
		close(lock_fd);
	if (dir_fd >= 0)
		close(dir_fd);
	lock_fd = -1;
	dir_fd = -1;
}
