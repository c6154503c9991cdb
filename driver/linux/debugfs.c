// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * debugfs.c: what a device holds, in /sys/kernel/debug/binder_any/DEVICE, in the
 * format of the kernel's own driver.
 *
 * main.c calls for each device, device.c for each process that opens one.  The
 * text is the core's: each read hands on the next piece, so nothing has to be
 * held while a reader takes its time.
 */
#include "home.h"
#include "device.h"

#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/uaccess.h>

static struct dentry *top;

static const char *const names[] = {
	[BINDER_VIEW_STATE] = "state",
	[BINDER_VIEW_STATS] = "stats",
	[BINDER_VIEW_TRANSACTIONS] = "transactions",
	[BINDER_VIEW_LOG] = "transaction_log",
	[BINDER_VIEW_FAILED_LOG] = "failed_transaction_log",
};

static_assert(ARRAY_SIZE(names) == BINDER_VIEW_PROC, "the others have a file for each device");

/* A file that is being read. */
struct reader {
	struct mutex lock; /* two may read it at once */
	struct binder_context *context;
	struct binder_print print;
	size_t size, at; /* of text: there, handed on */
	char text[2 * BINDER_PRINT_MIN];
};

static int view_open(struct inode *inode, struct file *file)
{
	const struct binder_device_view *view = inode->i_private;
	struct reader *reader = kzalloc(sizeof(*reader), GFP_KERNEL);

	if (!reader)
		return -ENOMEM;
	mutex_init(&reader->lock);
	reader->context = view->device->context;
	binder_print_start(&reader->print, view->view, 0);
	binder_print_only(&reader->print, view->pid);
	file->private_data = reader;
	return nonseekable_open(inode, file);
}

static int view_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

/* Locked.  Fails when the file has gone. */
static int next_piece(struct file *file, struct reader *reader)
{
	int err = debugfs_file_get(file->f_path.dentry);

	if (err)
		return err;
	reader->size = binder_context_print(reader->context, &reader->print, reader->text,
					    sizeof(reader->text));
	reader->at = 0;
	debugfs_file_put(file->f_path.dentry);
	return 0;
}

static ssize_t view_read(struct file *file, char __user *to, size_t count, loff_t *offset)
{
	struct reader *reader = file->private_data;
	ssize_t done = 0;

	mutex_lock(&reader->lock);
	if (reader->at == reader->size)
		done = next_piece(file, reader);
	if (!done) {
		done = min(count, reader->size - reader->at);
		if (copy_to_user(to, reader->text + reader->at, done))
			done = -EFAULT;
		else
			reader->at += done;
	}
	mutex_unlock(&reader->lock);
	return done;
}

static const struct file_operations view_operations = {
	.owner = THIS_MODULE,
	.open = view_open,
	.release = view_release,
	.read = view_read,
};

/*
 * Removing a file waits for those who are in it, and others for that: so debugfs does not
 * count them as long as a read takes, and its copy may, but as long as the next piece does.
 */
static struct dentry *add_file(const char *name, struct dentry *folder,
			       struct binder_device_view *view)
{
	return debugfs_create_file_unsafe(name, 0444, folder, view, &view_operations);
}

void debugfs_module_init(void)
{
	top = debugfs_create_dir("binder_any", NULL);
}

void debugfs_module_exit(void)
{
	debugfs_remove(top);
}

void debugfs_add(struct binder_device *device)
{
	u32 i;

	device->debug = debugfs_create_dir(device->name, top);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		device->views[i].device = device;
		device->views[i].view = i;
		add_file(names[i], device->debug, &device->views[i]);
	}
	device->debug_processes = debugfs_create_dir("proc", device->debug);
}

void debugfs_drop(struct binder_device *device)
{
	debugfs_remove(device->debug);
	xa_destroy(&device->processes);
}

/* ---- proc/PID ------------------------------------------------------------------------ */

/* A process that has a device open, and its file, which goes with the last of its opens. */
struct binder_device_process {
	struct binder_device_view view;
	struct dentry *file;
	u32 opens;
};

static struct binder_device_process *add_process(struct binder_device *device, s32 pid)
{
	struct binder_device_process *process = kzalloc(sizeof(*process), GFP_KERNEL_ACCOUNT);
	char name[12];

	if (!process)
		return NULL;
	process->view.device = device;
	process->view.view = BINDER_VIEW_PROC;
	process->view.pid = pid;
	if (xa_err(xa_store(&device->processes, pid, process, GFP_KERNEL))) {
		kfree(process);
		return NULL;
	}
	snprintf(name, sizeof(name), "%d", pid);
	process->file = add_file(name, device->debug_processes, &process->view);
	return process;
}

struct binder_device_process *debugfs_opened(struct binder_device *device, s32 pid)
{
	struct binder_device_process *process;

	mutex_lock(&device->processes_lock);
	process = xa_load(&device->processes, pid);
	if (!process)
		process = add_process(device, pid);
	if (process)
		process->opens++;
	mutex_unlock(&device->processes_lock);
	return process;
}

void debugfs_closed(struct binder_device_process *process)
{
	struct binder_device *device;

	if (!process)
		return;
	device = process->view.device;
	mutex_lock(&device->processes_lock);
	if (!--process->opens) {
		debugfs_remove(process->file);
		xa_erase(&device->processes, process->view.pid);
		kfree(process);
	}
	mutex_unlock(&device->processes_lock);
}
