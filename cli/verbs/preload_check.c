/* SPDX-License-Identifier: MIT */
/*
 * preload_check.c: programs that LD_PRELOAD does not reach.
 *
 * Called by sandbox.c for the command of --preload.  It looks and never refuses: a static shell
 * may well start what the library is for.
 */
#include "cli/verbs/preload_check.h"

#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As execvp() finds it; -1: not at all, which is its business to tell. */
static int open_command(const char *command)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	if (strchr(command, '/'))
		return open(command, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	while (path && *path) {
		size_t length = strcspn(path, ":");

		if (snprintf(file, sizeof(file), "%.*s/%s", (int)length, length ? path : ".",
			     command) < (int)sizeof(file) &&
		    access(file, X_OK) == 0)
			return open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		path += length + (path[length] == ':');
	}
	return -1;
}

/* An ELF program of this machine's kind without an interpreter. */
static bool is_static(int fd)
{
	ElfW(Ehdr) head;
	ElfW(Phdr) part;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_phentsize != sizeof(part))
		return false;
	for (int i = 0; i < head.e_phnum; i++) {
		off_t at = (off_t)head.e_phoff + i * (off_t)sizeof(part);

		if (pread(fd, &part, sizeof(part), at) != sizeof(part) || part.p_type == PT_INTERP)
			return false;
	}
	return true;
}

const char *preload_check(const char *command)
{
	int fd = open_command(command);
	struct stat info;
	const char *why = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
		if (is_static(fd))
			why = "statically linked";
		else if (((info.st_mode & S_ISUID) && info.st_uid != getuid()) ||
			 ((info.st_mode & S_ISGID) && info.st_gid != getgid()))
			why = "set-user-ID or set-group-ID";
	}
	close(fd);
	return why;
}
