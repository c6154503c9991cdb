/* SPDX-License-Identifier: MIT */
/*
 * aprocess.c: the NDK's process functions, on the default connection.
 *
 * Public functions; hands on to looper.c and polling.c.
 */
#include <android/binder_process.h>

#include "connection/connection.h"
#include "base/error.h"
#include "base/export.h"
#include "object/looper.h"
#include "object/polling.h"

EXPORT void ABinderProcess_startThreadPool(void)
{
	ABinderConnection *conn = connection_default();

	if (conn)
		looper_start_pool(conn);
}

EXPORT bool ABinderProcess_setThreadPoolMaxThreadCount(uint32_t numThreads)
{
	ABinderConnection *conn = connection_default();

	return conn && looper_set_max_threads(conn, numThreads) == STATUS_OK;
}

EXPORT bool ABinderProcess_isThreadPoolStarted(void)
{
	ABinderConnection *conn = connection_default_if_open();
	bool started = false;

	if (conn) {
		pthread_mutex_lock(&conn->lock);
		started = conn->pool_started;
		pthread_mutex_unlock(&conn->lock);
	}
	return started;
}

EXPORT void ABinderProcess_joinThreadPool(void)
{
	ABinderConnection *conn = connection_default();

	if (conn)
		looper_join(conn);
}

EXPORT void ABinderProcess_disableBackgroundScheduling(bool disable) {}

EXPORT binder_status_t ABinderProcess_setupPolling(int *fd)
{
	ABinderConnection *conn = connection_default();

	if (!fd)
		return error_say(STATUS_UNEXPECTED_NULL, "nowhere to put a descriptor");
	return conn ? polling_set_up(conn, fd) : STATUS_NO_INIT;
}

EXPORT binder_status_t ABinderProcess_handlePolledCommands(void)
{
	ABinderConnection *conn = connection_default();

	return conn ? polling_handle(conn) : STATUS_NO_INIT;
}
