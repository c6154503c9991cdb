/* SPDX-License-Identifier: MIT */
/*
 * activate.c: activate [--stream] SOCKET... -- COMMAND...: a supervisor as systemd is one.
 *
 * Makes the sockets, gives them to the command with LISTEN_FDS, and prints each datagram that the
 * command sends to NOTIFY_SOCKET.  Ends with the command, and leaves the sockets' files.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;

static void pass_on(int signal)
{
	kill(child, signal);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void listen_at(const char *path, int type, int fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int made = socket(AF_UNIX, type, 0);

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	if (made < 0 || bind(made, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(made, 16) < 0)
		die(path);
	if (made != fd && (dup2(made, fd) < 0 || close(made) < 0))
		die("dup2");
}

/* An address of the kernel's choice, in its abstract space. */
static int notify_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = sizeof(address.sun_family);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0)
		die("notify socket");
	size = sizeof(address);
	getsockname(fd, (struct sockaddr *)&address, &size);
	address.sun_path[0] = '@';
	address.sun_path[size - sizeof(address.sun_family)] = '\0';
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	return fd;
}

int main(int argc, char **argv)
{
	int type = SOCK_SEQPACKET, at = 1, count = 0, notify, moved, status;
	char number[16], line[1024];
	ssize_t n;

	if (at < argc && !strcmp(argv[at], "--stream")) {
		type = SOCK_STREAM;
		at++;
	}
	notify = notify_socket();
	moved = dup(notify);
	if (moved < 0 || dup2(notify, 100) < 0)
		die("dup");
	close(moved);
	close(notify);
	for (; at < argc && strcmp(argv[at], "--") != 0; at++)
		listen_at(argv[at], type, 3 + count++);
	if (at + 1 >= argc)
		return 2;
	child = fork();
	if (child == 0) {
		close(100);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		snprintf(number, sizeof(number), "%d", (int)getpid());
		setenv("LISTEN_PID", number, 1);
		snprintf(number, sizeof(number), "%d", count);
		setenv("LISTEN_FDS", number, 1);
		execvp(argv[at + 1], argv + at + 1);
		_exit(127);
	}
	signal(SIGTERM, pass_on);
	signal(SIGINT, pass_on);
	for (;;) {
		struct timeval second = { .tv_sec = 0, .tv_usec = 20000 };

		setsockopt(100, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second));
		n = recv(100, line, sizeof(line) - 1, 0);
		if (n > 0) {
			printf("%.*s", (int)n, line);
			fflush(stdout);
		} else if (waitpid(child, &status, WNOHANG) == child) {
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		}
	}
}
