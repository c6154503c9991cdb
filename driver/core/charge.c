// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * charge.c: memory that a client can make the driver take, on its user's account.
 *
 * Used for whatever a client can have many of: nodes, references, notices,
 * transactions, journals.  The account is noted before the object, so whoever
 * frees it, and however late, gives back what was taken, and to whom.
 */
#include "internal.h"

struct charged {
	struct port_account *account;
	u64 size;
	/* the object follows, as well aligned as this */
};

/* What malloc itself needs. */
#define OVERHEAD 16

void *binder_charged_alloc(struct port_account *account, size_t size, int *err)
{
	u64 whole = size + sizeof(struct charged) + OVERHEAD;
	struct charged *charged;

	*err = port_charge(account, whole);
	if (*err)
		return NULL;
	charged = port_alloc(size + sizeof(*charged));
	if (!charged) {
		port_uncharge(account, whole);
		*err = -ENOMEM;
		return NULL;
	}
	charged->account = account;
	charged->size = whole;
	return charged + 1;
}

void binder_charged_free(void *object)
{
	struct charged *charged;

	if (!object)
		return;
	charged = (struct charged *)object - 1;
	port_uncharge(charged->account, charged->size);
	port_free(charged);
}

void binder_charged_acquit(void *object)
{
	struct charged *charged = (struct charged *)object - 1;

	port_uncharge(charged->account, charged->size);
	charged->account = NULL;
}
