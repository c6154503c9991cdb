/* SPDX-License-Identifier: MIT */
/*
 * world.c: opens the device, looks services up, and says in words what is
 * missing: a driver, a service manager, a service.
 */
#include "world.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "errors.h"

#define TRY_DRIVER \
	"binderctl up                  starts a driver daemon for this user\n" \
	"     binderctl sandbox -- COMMAND  a private world for one command\n" \
	"     modprobe binder_linux         where the kernel has it"

/* libbinder's sentence gives advice as well; what was tried is said, and ours follows. */
static int no_driver(const struct invocation *invocation)
{
	const char *message = ABinder_lastError(), *tried = strchr(message, '(');
	int length = tried ? (int)strcspn(tried, ")") : 0;

	if (!length)
		return fail(invocation, EXIT_NO_DRIVER, TRY_DRIVER, "no Binder driver: %s",
			    message);
	return fail(invocation, EXIT_NO_DRIVER, TRY_DRIVER, "no Binder driver: %.*s", length - 1,
		    tried + 1);
}

int world_open(const struct invocation *invocation, ABinderConnection **ret)
{
	ABinderConnection *connection = NULL;
	binder_status_t status;

	/* Lua scripts and death links use the default connection: it is to be the same device. */
	if (invocation->device)
		ABinderConnection_setDefaultDevice(invocation->device);
	status = ABinderConnection_open(invocation->device, &connection);
	if (status == STATUS_NAME_NOT_FOUND)
		return no_driver(invocation);
	if (status != STATUS_OK)
		return fail(invocation, EXIT_NO_DRIVER, TRY_DRIVER,
			    "the Binder driver cannot be used: %s (%s)", ABinder_lastError(),
			    ABinder_statusName(status));
	*ret = connection;
	return EXIT_OK;
}

static int no_manager(const struct invocation *invocation)
{
	return fail(invocation, EXIT_NO_SERVICE, "binderctl up",
		    "no service manager: the driver is there, but nobody serves its handle 0");
}

int world_find(const struct invocation *invocation, ABinderConnection *connection, const char *name,
	       AIBinder **ret)
{
	AIBinder *binder = NULL;
	binder_status_t status;

	if (!strcmp(name, "manager"))
		status = ABinderConnection_getContextManager(connection, &binder);
	else
		status = AServiceManager_checkOn(connection, name, &binder);
	switch (status) {
	case STATUS_OK:
		*ret = binder;
		return EXIT_OK;
	case STATUS_NAME_NOT_FOUND:
		return fail(invocation, EXIT_NO_SERVICE, "binderctl list", "no such service: %s",
			    name);
	case STATUS_DEAD_OBJECT:
		return no_manager(invocation);
	case STATUS_BAD_VALUE:
		return fail(invocation, EXIT_USAGE, "binderctl list",
			    "%s: a name is 1 to 127 of A-Z a-z 0-9 _ . / -", name);
	default:
		return fail_status(invocation, status, name);
	}
}

binder_status_t world_descriptor(AIBinder *binder, int timeout_ms, char **ret)
{
	AParcel *in = NULL, *out = NULL;
	char *text = NULL;
	binder_status_t status;

	if (timeout_ms < 0) {
		status = AIBinder_fetchDescriptor(binder, &text);
	} else {
		status = AIBinder_prepareRaw(binder, NULL, &in);
		if (status == STATUS_OK)
			status = AIBinder_transactRaw(binder, WORLD_CODE('_', 'N', 'T', 'F'), &in,
						      &out, 0, timeout_ms);
		if (status == STATUS_OK)
			status = AParcel_readString16(out, &text);
		AParcel_delete(out);
	}
	if (status == STATUS_OK && !text)
		text = strdup("");
	if (status == STATUS_OK && !text)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK)
		*ret = text;
	return status;
}

int world_timeout(const struct invocation *invocation, int *ret)
{
	const char *text = option_value(invocation, "timeout");
	char *end;
	double seconds;

	if (!text) {
		*ret = -1;
		return EXIT_OK;
	}
	errno = 0;
	seconds = strtod(text, &end);
	if (end == text || *end || errno || !(seconds >= 0) || seconds > 2000000)
		return fail(invocation, EXIT_USAGE, "--timeout 2.5",
			    "--timeout: '%s' is no number of seconds", text);
	*ret = (int)ceil(seconds * 1000);
	return EXIT_OK;
}

void world_process(pid_t pid, int64_t *uid_ret, char *name_ret, size_t size)
{
	char path[64];
	struct stat info;
	FILE *file;

	*uid_ret = -1;
	name_ret[0] = 0;
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (pid <= 0 || stat(path, &info) != 0)
		return;
	*uid_ret = info.st_uid;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (!fgets(name_ret, (int)size, file))
		name_ret[0] = 0;
	name_ret[strcspn(name_ret, "\n")] = 0;
	fclose(file);
}
