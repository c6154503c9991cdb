/* SPDX-License-Identifier: MIT */
/*
 * declared.c: the handlers that say what the manifest (--manifest) declares.
 *
 * Called by service.c; asks manifest.c.  Without a manifest the answer to all
 * of them is "nothing".
 */
#include "declared.h"

#include <stdlib.h>
#include <string.h>

/* True: the status is written, and *ret is the entry or NULL.  False: the reply is complete. */
static bool find(const struct request *request, const struct declaration **ret,
		 binder_status_t *status)
{
	char *name;

	if (!read_name(request, &name, status))
		return false;
	*ret = manifest_find(request->manager->manifest, name);
	free(name);
	*status = reply_ok(request);
	return *status == STATUS_OK;
}

binder_status_t is_declared(const struct request *request)
{
	const struct declaration *found;
	binder_status_t status;

	if (!find(request, &found, &status))
		return status;
	return AParcel_writeBool(request->out, found != NULL);
}

/* What of an entry belongs into a list, or NULL. */
typedef const char *(*pick_fn)(const struct declaration *entry, const char *wanted);

static const char *pick_instance(const struct declaration *entry, const char *interface)
{
	size_t length = strlen(interface);

	return !strncmp(entry->name, interface, length) && entry->name[length] == '/' ?
		       entry->name + length + 1 :
		       NULL;
}

static const char *pick_apex(const struct declaration *entry, const char *apex)
{
	return entry->apex && !strcmp(entry->apex, apex) ? entry->name : NULL;
}

static binder_status_t list(const struct request *request, pick_fn pick)
{
	const struct manifest *manifest = request->manager->manifest;
	size_t entries = manifest_count(manifest);
	int32_t count = 0;
	binder_status_t status;
	char *wanted;

	if (!read_name(request, &wanted, &status))
		return status;
	for (size_t i = 0; i < entries; i++)
		count += pick(manifest_at(manifest, i), wanted) != NULL;
	status = reply_ok(request);
	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, count);
	for (size_t i = 0; status == STATUS_OK && i < entries; i++) {
		const char *text = pick(manifest_at(manifest, i), wanted);

		if (text)
			status = AParcel_writeString16(request->out, text);
	}
	free(wanted);
	return status;
}

binder_status_t get_declared_instances(const struct request *request)
{
	return list(request, pick_instance);
}

binder_status_t get_updatable_names(const struct request *request)
{
	return list(request, pick_apex);
}

binder_status_t updatable_via_apex(const struct request *request)
{
	const struct declaration *found;
	binder_status_t status;

	if (!find(request, &found, &status))
		return status;
	return AParcel_writeString16(request->out, found ? found->apex : NULL);
}

/* ConnectionInfo, or null: { String ipAddress; int port } */
binder_status_t get_connection_info(const struct request *request)
{
	const struct declaration *found;
	binder_status_t status;
	int32_t start = 0;

	if (!find(request, &found, &status))
		return status;
	if (!found || !found->address)
		return AParcel_writeInt32(request->out, 0);
	status = begin_parcelable(request->out, &start);
	if (status == STATUS_OK)
		status = AParcel_writeString16(request->out, found->address);
	if (status == STATUS_OK)
		status = AParcel_writeInt32(request->out, found->port);
	return status == STATUS_OK ? end_parcelable(request->out, start) : status;
}
