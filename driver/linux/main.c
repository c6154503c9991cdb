// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * main.c: loading and unloading: the devices that the parameter names.
 *
 * The kernel calls.  While a device is open the module cannot be unloaded: each
 * open file holds it.
 */
#include "home.h"
#include "compat.h"
#include "device.h"

#include <linux/delay.h>
#include <linux/module.h>

static char *devices = "binder,hwbinder,vndbinder";
module_param(devices, charp, 0444);
MODULE_PARM_DESC(devices, "names of the devices, each a context of its own, with commas between");

static LIST_HEAD(all);
/*
 * A device can be opened as soon as it has its name, and may have to go again when the next
 * one cannot have its: nothing would wait for who has it open while the module is loaded.
 */
bool binder_devices_ready;

static void remove_device(struct binder_device *device)
{
	misc_deregister(&device->misc);
	debugfs_drop(device);
	list_del(&device->entry);
	binder_context_free(device->context);
	kfree(device);
}

/*
 * While loading fails nobody has a device open, but somebody may be on his way out of being
 * refused one, with our file operations in his hands.  One hold is that of loading itself.
 */
static void await_refused(void)
{
	while (compat_module_refcount(THIS_MODULE) > 1)
		usleep_range(100, 1000);
}

static void remove_devices(void)
{
	struct binder_device *device, *next;

	list_for_each_entry_safe(device, next, &all, entry)
		remove_device(device);
}

static int add_device(const char *name, size_t length)
{
	struct binder_device *device = kzalloc(struct_size(device, name, length + 1), GFP_KERNEL);
	int err;

	if (!device)
		return -ENOMEM;
	memcpy(device->name, name, length);
	mutex_init(&device->processes_lock);
	xa_init_flags(&device->processes, XA_FLAGS_ACCOUNT);
	device->context = binder_context_new(device->name);
	if (!device->context) {
		kfree(device);
		return -ENOMEM;
	}
	device->misc.minor = MISC_DYNAMIC_MINOR;
	device->misc.name = device->name;
	device->misc.fops = &binder_file_operations;
	err = misc_register(&device->misc);
	if (err) {
		pr_err("device %s: %s (%d)\n", device->name,
		       err == -EEXIST ? "another driver has one of this name; see devices=" :
					"cannot be made",
		       err);
		binder_context_free(device->context);
		kfree(device);
		return err == -EEXIST ? -EBUSY :
					err; /* modprobe takes it for "is loaded already" */
	}
	list_add_tail(&device->entry, &all);
	return 0;
}

/* From here on they can be used; nothing can fail any more. */
static void offer_devices(void)
{
	struct binder_device *device;

	list_for_each_entry(device, &all, entry)
		debugfs_add(device);
	WRITE_ONCE(binder_devices_ready, true);
}

static int add_devices(const char *names)
{
	while (*names) {
		size_t length = strcspn(names, ",");
		int err = -EINVAL;

		if (length && length < NAME_MAX && strcspn(names, "/! \t\n") >= length)
			err = add_device(names, length);
		if (err == -EINVAL)
			pr_err("devices=%s: names with commas between are wanted\n", devices);
		if (err)
			return err;
		names += length;
		names += *names == ',';
	}
	return 0;
}

static int __init binder_module_init(void)
{
	int err = memory_module_init();

	if (err)
		return err;
	err = shrink_init();
	if (err)
		goto out_memory;
	debugfs_module_init();
	err = add_devices(devices);
	if (!err) {
		offer_devices();
		return 0;
	}
	remove_devices();
	await_refused();
	debugfs_module_exit();
	shrink_exit();
out_memory:
	memory_module_exit();
	return err;
}

static void __exit binder_module_exit(void)
{
	remove_devices();
	debugfs_module_exit();
	shrink_exit();
	memory_module_exit();
}

module_init(binder_module_init);
module_exit(binder_module_exit);

MODULE_DESCRIPTION("Binder, Android's inter-process communication, for any kernel");
MODULE_LICENSE("Dual MIT/GPL");
