// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * device.c: the file operations of a device: from the kernel to the core.
 *
 * The kernel calls.  Waiting is in wait.c, memory in memory.c, and all that
 * Binder is in the core.
 */
#include "home.h"
#include "device.h"

#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

/* ---- open, flush, release ------------------------------------------------------------ */

static int device_open(struct inode *inode, struct file *file)
{
	struct binder_device *device = container_of(file->private_data, struct binder_device, misc);
	const struct binder_identity who = {
		.pid = current->tgid,
		.euid = __kuid_val(current_euid()),
		.nice = task_nice(current),
	};
	struct port_proc *client;
	int err;

	if (!READ_ONCE(binder_devices_ready))
		return -ENODEV;
	if (!current->mm) /* the kernel itself, as if it were some file */
		return -EINVAL;
	client = kzalloc(sizeof(*client), GFP_KERNEL_ACCOUNT);
	if (!client)
		return -ENOMEM;
	err = memory_init(&client->memory);
	if (err) {
		kfree(client);
		return err;
	}
	init_waitqueue_head(&client->poll);
	client->tgid = get_pid(task_tgid(current));
	client->cred = get_cred(file->f_cred);
	client->core = binder_proc_open(device->context, &who, client);
	if (!client->core) {
		port_proc_gone(client);
		return -ENOMEM;
	}
	file->private_data = client;
	client->debug = debugfs_opened(device, who.pid);
	/* Its pages are found by its own inode, not by the device's, which all opens share. */
	file->f_mapping = client->memory.inode->i_mapping;
	return nonseekable_open(inode, file);
}

void port_proc_gone(struct port_proc *client)
{
	memory_destroy(&client->memory);
	put_pid(client->tgid);
	put_cred(client->cred);
	kfree(client);
}

/* A descriptor was closed, not necessarily the last one. */
static int device_flush(struct file *file, fl_owner_t id)
{
	struct port_proc *client = file->private_data;

	binder_proc_flush(client->core);
	return 0;
}

/* No descriptor, no mapping, no ioctl any more. */
static int device_release(struct inode *inode, struct file *file)
{
	struct port_proc *client = file->private_data;
	struct binder_device_process *debug = client->debug;

	file->f_mapping = inode->i_mapping;
	memory_forget(&client->memory);
	binder_proc_release(client->core); /* ends in port_proc_gone(), now or later */
	debugfs_closed(debug); /* may wait for a reader, as nobody has to for us any more */
	return 0;
}

/* ---- BINDER_WRITE_READ ------------------------------------------------------------------ */

/* Bytes of commands between two looks at whether somebody else wants the processor, or us dead. */
#define SLICE 4096

/* A client says how many commands there are, without end if it likes. */
static int write_commands(struct port_thread *thread, u64 addr, u64 size, u64 *consumed)
{
	u64 looked = *consumed, before;
	int err;

	while (*consumed < size) {
		if (*consumed - looked >= SLICE) {
			if (fatal_signal_pending(current))
				return -EINTR;
			cond_resched();
			looked = *consumed;
		}
		before = *consumed;
		err = binder_thread_write_one(thread->core, addr, consumed);
		if (err || *consumed == before)
			return err;
	}
	return 0;
}

static int carry_out(struct port_thread *thread, struct binder_write_read *bwr, bool nonblock)
{
	u64 consumed;
	int err;

	if (bwr->write_size) {
		consumed = bwr->write_consumed;
		err = write_commands(thread, bwr->write_buffer, bwr->write_size, &consumed);
		bwr->write_consumed = consumed;
		if (err) {
			bwr->read_consumed = 0;
			return err;
		}
	}
	if (!bwr->read_size)
		return 0;
	consumed = bwr->read_consumed;
	err = thread_read(thread, bwr->read_buffer, bwr->read_size, &consumed, nonblock);
	bwr->read_consumed = consumed;
	return err;
}

static int write_read(struct port_thread *thread, void __user *arg, bool nonblock)
{
	struct binder_write_read bwr;
	int err;

	if (copy_from_user(&bwr, arg, sizeof(bwr)))
		return -EFAULT;
	err = carry_out(thread, &bwr, nonblock);
	if (copy_to_user(arg, &bwr, sizeof(bwr)))
		return -EFAULT;
	return err;
}

/* ---- ioctl, poll ---------------------------------------------------------------------------- */

static long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct port_thread *thread = thread_current(file->private_data);
	int err;

	if (!thread)
		return -ENOMEM;
	switch (cmd) {
	case BINDER_WRITE_READ:
		err = write_read(thread, (void __user *)arg, file->f_flags & O_NONBLOCK);
		break;
	case BINDER_THREAD_EXIT:
		binder_thread_exit(thread->core);
		return 0;
	default:
		err = thread_ioctl(thread, cmd, arg);
	}
	binder_thread_ioctl_done(thread->core);
	return err;
}

static __poll_t device_poll(struct file *file, struct poll_table_struct *wait)
{
	struct port_proc *client = file->private_data;
	struct port_thread *thread = thread_current(client);

	if (!thread)
		return EPOLLERR;
	WRITE_ONCE(thread->polls, true);
	poll_wait(file, &client->poll, wait);
	return (__force __poll_t)binder_thread_poll(thread->core);
}

const struct file_operations binder_file_operations = {
	.owner = THIS_MODULE, /* an open device keeps the module in */
	.open = device_open,
	.flush = device_flush,
	.release = device_release,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = device_poll,
	.mmap = memory_mmap,
};
