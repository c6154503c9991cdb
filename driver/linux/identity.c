// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * identity.c: who somebody is, as another may see it; and how nice.
 *
 * The core calls.  The label is that of the credentials at open; the uid is what the
 * sending process has now, as servers expect of one that gave up its privileges.
 */
#include "home.h"
#include "compat.h"

#include <linux/capability.h>
#include <linux/moduleparam.h>
#include <linux/pid_namespace.h>
#include <linux/sched/signal.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

static char *unlabeled = "u:r:unlabeled:s0";
module_param(unlabeled, charp, 0444);
MODULE_PARM_DESC(unlabeled,
		 "what services see where no security module labels a caller, or refuse");

s32 port_visible_pid(struct port_thread *reader, struct port_proc *sender, s32 pid)
{
	s32 visible = 0;

	/* Its number may be somebody else's by now, if a child is left with what it opened. */
	rcu_read_lock();
	if (pid_has_task(sender->tgid, PIDTYPE_TGID))
		visible = pid_nr_ns(sender->tgid, task_active_pid_ns(current));
	rcu_read_unlock();
	return visible;
}

u32 port_visible_uid(struct port_thread *reader, u32 euid)
{
	return from_kuid(current_user_ns(), KUIDT_INIT(euid));
}

/*
 * Of whoever sends, by the rule of the kernel's own driver: of the process up to 7.0, of the
 * thread since.  Never of the process that opened the device: that may have executed a program
 * with more privileges, while a child of it sends.
 */
u32 port_sender_euid(struct port_thread *from, u32 euid)
{
	return __kuid_val(compat_sender_euid());
}

u32 port_manager_euid(struct port_thread *thread, u32 euid)
{
	return __kuid_val(current_euid());
}

/* Who may open the device may; the core holds the name for the first one's user. */
int port_may_become_manager(struct port_thread *thread)
{
	return 0;
}

static int copy_label(const char *text, u32 length, char **ret, u32 *size)
{
	char *copy;

	length = strnlen(text, length); /* some modules count the NUL, some do not */
	copy = port_alloc(length + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, length);
	*ret = copy;
	*size = length + 1;
	return 0;
}

/* Without one, upstream fails each call of Android's service managers, on most desktops. */
int port_security_label(struct port_thread *from, char **ret, u32 *size)
{
	struct compat_label label = {};
	const char *text;
	u32 length;
	int err = compat_label_get(from->client->cred, &label, &text, &length);

	if (err) {
		if (err == -ENOMEM || !strcmp(unlabeled, "refuse"))
			return err;
		return copy_label(unlabeled, strlen(unlabeled), ret, size);
	}
	err = copy_label(text, length, ret, size);
	compat_label_put(&label);
	return err;
}

s32 port_get_nice(struct port_thread *thread)
{
	return task_nice(current);
}

void port_set_nice(struct port_thread *thread, s32 nice)
{
	long lowest = rlimit_to_nice(rlimit(RLIMIT_NICE));

	nice = clamp_t(s32, nice, MIN_NICE, MAX_NICE);
	if (nice == task_nice(current))
		return;
	if (nice < task_nice(current) && nice < lowest && !capable(CAP_SYS_NICE)) {
		if (lowest > MAX_NICE)
			return; /* it may go nowhere */
		nice = lowest;
	}
	set_user_nice(current, nice);
}
