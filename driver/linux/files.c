// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * files.c: descriptors that travel in payloads.
 *
 * The core calls, always for the task that runs: a sender's descriptors are
 * looked up in its own table, a reader's are made in its own.
 */
#include "home.h"
#include "compat.h"
#include "device.h"

#include <linux/fdtable.h>
#include <linux/file.h>

static struct file *to_file(struct port_file *file)
{
	return (struct file *)file;
}

int port_file_get(struct port_thread *from, s32 fd, struct port_file **ret)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	/* In its own buffer it would keep itself open, when nobody else does any more. */
	if (file->f_op == &binder_file_operations) {
		fput(file);
		return -EPERM;
	}
	*ret = (struct port_file *)file;
	return 0;
}

void port_file_put(struct port_file *file)
{
	fput(to_file(file));
}

int port_files_install(struct port_thread *to, struct port_file **files, s32 *fds, u32 count)
{
	u32 i;
	int fd;

	for (i = 0; i < count; i++) {
		/* Asks the security modules, as for what comes through a socket. */
		fd = compat_receive_fd(to_file(files[i]), O_CLOEXEC);
		if (fd < 0)
			goto out;
		fds[i] = fd;
	}
	return 0;
out:
	while (i--)
		close_fd(fds[i]);
	return fd;
}

/*
 * It may be the descriptor whose ioctl is running, which then has no reference
 * of its own: the one taken here is the last, and ends on the way back to user
 * space.
 */
void port_fd_close(struct port_thread *thread, s32 fd)
{
	struct file *file = fget(fd);

	if (!file)
		return;
	close_fd(fd);
	fput(file);
}
