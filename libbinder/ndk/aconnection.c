/* SPDX-License-Identifier: MIT */
/*
 * aconnection.c: binder/ext.h's connections, and the counts of this process.
 *
 * Public functions; hands on to connection.c, looper.c and proxy.c.
 */
#include <errno.h>
#include <string.h>

#include "connection/connection.h"
#include "base/counts.h"
#include "driver/deadline.h"
#include "object/detect.h"
#include "connection/driver.h"
#include "base/error.h"
#include "base/export.h"
#include "object/looper.h"
#include "object/local.h"
#include "object/proxy.h"

EXPORT binder_status_t ABinderConnection_open(const char *device, ABinderConnection **out)
{
	if (!out)
		return error_say(STATUS_UNEXPECTED_NULL, "nowhere to put a connection");
	return connection_open(device, out);
}

EXPORT binder_status_t ABinderConnection_openWithin(const char *device, int timeout_ms,
						    ABinderConnection **out)
{
	if (!out)
		return error_say(STATUS_UNEXPECTED_NULL, "nowhere to put a connection");
	return connection_open_until(device, deadline_in(timeout_ms), out);
}

EXPORT void ABinderConnection_setDeadline(ABinderConnection *connection, int timeout_ms)
{
	if (connection)
		atomic_store(&connection->deadline, deadline_in(timeout_ms));
}

EXPORT void ABinderConnection_close(ABinderConnection *connection)
{
	AIBinder *manager;

	if (!connection)
		return;
	connection_shut(connection);
	looper_wait_pool(connection);
	if (!connection_is_foreign(connection)) {
		pthread_mutex_lock(&connection->lock);
		manager = connection->manager;
		connection->manager = NULL;
		pthread_mutex_unlock(&connection->lock);
		AIBinder_decStrong(manager);
	}
	connection_unref(connection);
}

EXPORT ABinderConnection *ABinderConnection_getDefault(void)
{
	return connection_default();
}

EXPORT binder_status_t ABinderConnection_setDefaultDevice(const char *device)
{
	return connection_set_default_device(device);
}

EXPORT bool ABinderConnection_isAlive(const ABinderConnection *connection)
{
	return connection && connection_is_alive(connection);
}

EXPORT const char *ABinderConnection_getDevice(const ABinderConnection *connection)
{
	return connection ? connection->path : NULL;
}

EXPORT bool ABinderConnection_isUserspace(const ABinderConnection *connection)
{
	return connection && connection->driver && driver_is_userspace(connection->driver);
}

static binder_status_t say_no_view(const char *failed, int err)
{
	struct ABinderError facts = {
		.status = error_status(err),
		.phase = ABINDER_PHASE_VIEW,
		.driver = err,
		.path = failed,
	};

	switch (err) {
	case -EACCES:
	case -EPERM:
		facts.status = STATUS_PERMISSION_DENIED;
		return error_report(&facts, "%s: only root may read what a kernel's driver shows",
				    failed);
	case -ENOENT:
	case -ENOTDIR:
		facts.status = STATUS_NAME_NOT_FOUND;
		return error_report(
			&facts,
			"%s: no such file: the kernel's driver shows its state in debugfs, "
			"or in a binderfs that is mounted with stats=global",
			failed);
	case -ENOSYS:
		facts.status = STATUS_UNKNOWN_TRANSACTION;
		return error_report(&facts, "the driver at %s is too old to be asked for its state",
				    failed);
	case -EINVAL:
		facts.status = STATUS_BAD_VALUE;
		return error_report(&facts, "%s shows nothing of that name", failed);
	default:
		return error_report(&facts, "%s: %s", failed, error_reason(err));
	}
}

EXPORT binder_status_t ABinderConnection_readView(ABinderConnection *connection, const char *view,
						  char **out)
{
	binder_status_t status;
	char failed[384] = "";
	int r;

	if (!connection || !view || !out)
		return error_say(STATUS_BAD_VALUE, "a connection and the name of a view, please");
	status = connection_check(connection);
	if (status != STATUS_OK)
		return status;
	r = driver_view(connection->driver, connection->path, view,
			atomic_load(&connection->deadline), out, failed, sizeof(failed));
	return r < 0 ? say_no_view(failed, r) : STATUS_OK;
}

/* How long the service manager may take to show its age. */
#define PATIENCE_MS 1000

EXPORT binder_status_t ABinderConnection_setAndroid(ABinderConnection *connection,
						    const char *version)
{
	if (!connection || !version)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection or no version");
	return connection_set_android(connection, version);
}

static const struct profile *profile_of(ABinderConnection *connection)
{
	if (!connection)
		return NULL;
	detect_ask(connection, PATIENCE_MS);
	return atomic_load(&connection->profile);
}

EXPORT const char *ABinderConnection_getAndroid(ABinderConnection *connection, int *api_out)
{
	const struct profile *profile = profile_of(connection);

	if (profile && api_out)
		*api_out = profile->api;
	return profile ? profile->name : NULL;
}

EXPORT const char *ABinderConnection_getAndroidWords(ABinderConnection *connection)
{
	const struct profile *profile = profile_of(connection);

	return profile ? profile->words : NULL;
}

EXPORT const char *ABinder_getAndroidWords(const char *version)
{
	const struct profile *profile = version ? profile_parse(version) : NULL;

	return profile ? profile->words : NULL;
}

EXPORT binder_status_t ABinderConnection_setDomain(ABinderConnection *connection,
						   const char *domain)
{
	if (!connection || !domain)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection or no domain");
	return connection_set_domain(connection, domain);
}

EXPORT void ABinderConnection_setMapSize(size_t size)
{
	connection_set_map_size(size);
}

EXPORT binder_status_t ABinderConnection_getContextManager(ABinderConnection *connection,
							   AIBinder **out)
{
	binder_status_t status;

	if (!connection || !out)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection");
	status = connection_check(connection);
	return status ? status : proxy_get_manager(connection, out);
}

EXPORT binder_status_t ABinderConnection_becomeContextManager(ABinderConnection *connection,
							      AIBinder *local)
{
	struct flat_binder_object object = {
		.hdr.type = BINDER_TYPE_BINDER,
		.flags = LOCAL_FLAGS,
		.binder = (uintptr_t)local,
		.cookie = (uintptr_t)local,
	};
	binder_status_t status;
	const struct profile *unsaid = NULL;
	struct thread *t;
	int32_t zero = 0;
	int r;

	if (!connection || !local || binder_is_proxy(local))
		return error_say(STATUS_BAD_VALUE, "only a local object can be the manager");
	object.flags = atomic_load(&local_of(local)->flags);
	atomic_store(&local_of(local)->sent, true);
	status = connection_check(connection);
	if (status)
		return status;
	t = thread_get(connection);
	if (!t)
		return error_say(STATUS_NO_MEMORY, "no memory for a thread");
	/* Before anything can come for it. */
	pthread_mutex_lock(&connection->lock);
	if (connection->manager) {
		pthread_mutex_unlock(&connection->lock);
		return error_say(STATUS_ALREADY_EXISTS, "this process is the manager of %s already",
				 connection->path);
	}
	AIBinder_incStrong(local);
	connection->manager = local;
	pthread_mutex_unlock(&connection->lock);
	/* There is nobody else to ask. */
	atomic_compare_exchange_strong(&connection->profile, &unsaid, profile_default());

	r = thread_ioctl(t, BINDER_SET_CONTEXT_MGR_EXT, &object);
	if (r == -EINVAL || r == -ENOTTY)
		r = thread_ioctl(t, BINDER_SET_CONTEXT_MGR, &zero);
	if (r >= 0)
		return STATUS_OK;
	pthread_mutex_lock(&connection->lock);
	connection->manager = NULL;
	pthread_mutex_unlock(&connection->lock);
	AIBinder_decStrong(local);
	if (r == -EBUSY)
		return error_say(STATUS_ALREADY_EXISTS,
				 "%s has a manager already: only one process can be it",
				 connection->path);
	if (r == -EPERM)
		return error_say(STATUS_PERMISSION_DENIED,
				 "%s: another user was its manager first, or a policy forbids it",
				 connection->path);
	return error_say(error_status(r), "%s does not take a manager", connection->path);
}

EXPORT binder_status_t ABinderConnection_startThreadPool(ABinderConnection *connection,
							 uint32_t max_threads)
{
	binder_status_t status;

	if (!connection)
		return error_say(STATUS_UNEXPECTED_NULL, "no connection");
	status = looper_set_max_threads(connection, max_threads ? max_threads - 1 : 0);
	return status ? status : looper_start_pool(connection);
}

EXPORT void ABinderConnection_joinThreadPool(ABinderConnection *connection)
{
	if (connection)
		looper_join(connection);
}

EXPORT void ABinder_getCounts(struct ABinderCounts *out)
{
	out->proxies = atomic_load(&counts.proxies);
	out->locals = atomic_load(&counts.locals);
	out->parcels = atomic_load(&counts.parcels);
	out->threads = atomic_load(&counts.threads);
}
