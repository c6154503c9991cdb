/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * compat.h: what differs between kernel versions, all of it.
 *
 * The rest of the module is written for the newest kernel, with these names.
 */
#ifndef BINDER_COMPAT_H
#define BINDER_COMPAT_H

#include <linux/cred.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/shrinker.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "Linux 6.1 or newer is needed"
#endif

/* ---- mappings: 6.3 made vm_flags read-only ------------------------------------------- */

static inline void compat_vm_flags_mod(struct vm_area_struct *vma, unsigned long set,
				       unsigned long clear)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_mod(vma, set, clear);
#else
	vma->vm_flags = (vma->vm_flags | set) & ~clear;
#endif
}

/* ---- modules: nobody counts where none can be unloaded -------------------------------- */

static inline int compat_module_refcount(struct module *module)
{
#ifdef CONFIG_MODULE_UNLOAD
	return module_refcount(module);
#else
	return 0;
#endif
}

/* ---- shrinkers: allocated since 6.7 ---------------------------------------------------- */

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static inline struct shrinker *
compat_shrinker_register(const char *name,
			 unsigned long (*count)(struct shrinker *, struct shrink_control *),
			 unsigned long (*scan)(struct shrinker *, struct shrink_control *))
{
	struct shrinker *shrinker = shrinker_alloc(0, "%s", name);

	if (!shrinker)
		return NULL;
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker_register(shrinker);
	return shrinker;
}

static inline void compat_shrinker_free(struct shrinker *shrinker)
{
	shrinker_free(shrinker);
}
#else
static inline struct shrinker *
compat_shrinker_register(const char *name,
			 unsigned long (*count)(struct shrinker *, struct shrink_control *),
			 unsigned long (*scan)(struct shrinker *, struct shrink_control *))
{
	struct shrinker *shrinker = kzalloc(sizeof(*shrinker), GFP_KERNEL);

	if (!shrinker)
		return NULL;
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker->seeks = DEFAULT_SEEKS;
	if (register_shrinker(shrinker, "%s", name)) {
		kfree(shrinker);
		return NULL;
	}
	return shrinker;
}

static inline void compat_shrinker_free(struct shrinker *shrinker)
{
	if (!shrinker)
		return;
	unregister_shrinker(shrinker);
	kfree(shrinker);
}
#endif

/* ---- received files: another argument since 6.8 -------------------------------------------- */

static inline int compat_receive_fd(struct file *file, unsigned int flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	return receive_fd(file, NULL, flags);
#else
	return receive_fd(file, flags);
#endif
}

/* ---- the sender's euid: the process's, which is its first thread's; the thread's since 7.1 ---- */

static inline kuid_t compat_sender_euid(void)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 1, 0)
	return current_euid();
#else
	kuid_t euid;

	rcu_read_lock();
	euid = task_euid(current->group_leader); /* gone in 7.3 */
	rcu_read_unlock();
	return euid;
#endif
}

/* ---- security labels: struct lsm_context and lsm_prop came with 6.14 --------------------- */

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
struct compat_label {
	struct lsm_context context;
};

static inline int compat_label_get(const struct cred *cred, struct compat_label *label,
				   const char **text, u32 *size)
{
	struct lsm_prop prop;
	int err;

	security_cred_getlsmprop(cred, &prop);
	err = security_lsmprop_to_secctx(&prop, &label->context
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
					 ,
					 LSM_ID_UNDEF
#endif
	);
	if (err < 0)
		return err;
	*text = label->context.context;
	*size = label->context.len;
	return 0;
}

static inline void compat_label_put(struct compat_label *label)
{
	security_release_secctx(&label->context);
}
#else
struct compat_label {
	char *text;
	u32 size;
};

static inline int compat_label_get(const struct cred *cred, struct compat_label *label,
				   const char **text, u32 *size)
{
	u32 secid;
	int err;

	security_cred_getsecid(cred, &secid);
	err = security_secid_to_secctx(secid, &label->text, &label->size);
	if (err)
		return err;
	*text = label->text;
	*size = label->size;
	return 0;
}

static inline void compat_label_put(struct compat_label *label)
{
	security_release_secctx(label->text, label->size);
}
#endif

#endif
