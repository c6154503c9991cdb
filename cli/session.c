/* SPDX-License-Identifier: MIT */
/*
 * session.c: opens the device, looks services up, and says in words what is
 * missing: a driver, a service manager, a service.
 */
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/errors.h"
#include "cli/value/text.h"
#include "cli/up_dir.h"
#include "cli/waiting.h"

/* To reach the driver, the service manager and a service, where nobody has said how long. */
#define REACH_MS 5000
/* A driver and a manager that live get the time to answer, however short --timeout is. */
#define LEAST_REACH_MS 100
/* To ask a service manager, which has just answered, for its dialect. */
#define DIALECT_MS 1000

/* ---- time ------------------------------------------------------------------ */

uint64_t session_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

long long session_now(void)
{
	return (long long)(session_now_ns() / 1000000);
}

int session_left(const struct session *session)
{
	long long left = session->deadline - session_now();

	if (session->deadline < 0)
		return -1;
	return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

int session_reach(const struct session *session)
{
	int left = session_left(session);

	return left < 0 ? REACH_MS : left < LEAST_REACH_MS ? LEAST_REACH_MS : left;
}

int session_begin(struct session *session, const struct arguments *arguments)
{
	const char *text = option_value(arguments, "timeout");
	char *end;
	double seconds;

	session->arguments = arguments;
	pthread_mutex_init(&session->lock, NULL);
	session->timeout_ms = arguments->verb->timeout_ms;
	session->deadline = session->timeout_ms ? session_now() + session->timeout_ms : -1;
	if (!text)
		return EXIT_OK;
	errno = 0;
	seconds = strtod(text, &end);
	if (end == text || *end || errno || !(seconds >= 0) || seconds > 2000000)
		return fail(arguments, EXIT_USAGE, "--timeout 2.5",
			    "--timeout: '%s' is no number of seconds", text);
	session->timeout_ms = (int)ceil(seconds * 1000);
	session->deadline = session_now() + session->timeout_ms;
	return EXIT_OK;
}

/* ---- interruption ---------------------------------------------------------- */

bool session_interrupted(const struct session *session)
{
	return atomic_load(&session->interrupted);
}

static bool goes_on(void *cookie)
{
	return !session_interrupted(cookie);
}

void session_adopt(struct session *session)
{
	if (session->interruptible)
		ABinder_setInterruptible(goes_on, session);
}

void session_interrupt(struct session *session)
{
	atomic_store(&session->interrupted, true);
	pthread_mutex_lock(&session->lock);
	if (session->connection)
		ABinderConnection_wakeWaiting(session->connection);
	pthread_mutex_unlock(&session->lock);
}

void session_watch(struct session *session, ABinderConnection *connection)
{
	pthread_mutex_lock(&session->lock);
	session->connection = connection;
	pthread_mutex_unlock(&session->lock);
}

/* ---- the driver ------------------------------------------------------------ */

#define TRY_DRIVER \
	"%-28s  starts a driver daemon for this user\n" \
	"     binderctl sandbox -- COMMAND  a private world for one command\n" \
	"     modprobe binder_linux         where the kernel has it; doctor has the whole command\n" \
	"     binderctl doctor              says what there is and what is missing"
#define DRIVER_HINT 400

/* Somebody who chose a device wants that one: what would make another is no help. */
static const char *driver_hint(const struct arguments *arguments, char hint[static DRIVER_HINT])
{
	const char *named = getenv("BINDER_DEVICE");

	if (arguments->device)
		return "binderctl doctor              says what is wrong with the device\n"
		       "     without --device              the usual one is looked for";
	if (named && *named)
		return "binderctl doctor              says what is wrong with the device\n"
		       "     unset BINDER_DEVICE           the usual one is looked for";
	snprintf(hint, DRIVER_HINT, TRY_DRIVER, up_dir_command());
	return hint;
}

/* The advice is ours: of libbinder's facts, what was tried is enough. */
static int no_driver(const struct arguments *arguments)
{
	const struct ABinderError *error = ABinder_getError();
	char hint[DRIVER_HINT];

	if (error->phase != ABINDER_PHASE_OPEN || error->driver != -ENOENT)
		return fail(arguments, EXIT_NO_DRIVER, driver_hint(arguments, hint),
			    "no Binder driver: %s", error->detail);
	return fail(arguments, EXIT_NO_DRIVER, driver_hint(arguments, hint),
		    "no Binder driver: tried %s", error->path);
}

#define HIDL_BASE "android.hidl.base@1.0::IBase"

static bool is_domain(const char *name)
{
	return !name || !*name || !strcmp(name, "system") || !strcmp(name, "vendor");
}

/* Options set the connection's dialect and domain; libbinder has read the environment. */
static binder_status_t set_up(const struct arguments *arguments, ABinderConnection *connection)
{
	binder_status_t status = STATUS_OK;

	if (arguments->android)
		status = ABinderConnection_setAndroid(connection, arguments->android);
	if (status == STATUS_OK && arguments->domain)
		status = ABinderConnection_setDomain(connection, arguments->domain);
	return status;
}

static binder_status_t open_own(struct session *session, ABinderConnection **ret)
{
	const struct arguments *arguments = session->arguments;
	binder_status_t status;

	/* Lua scripts and death links use the default connection: it is to be the same device. */
	if (arguments->device && !session->interruptible)
		ABinderConnection_setDefaultDevice(arguments->device);
	status = ABinderConnection_openWithin(arguments->device, session_reach(session), ret);
	/* In a shell the environment is everybody's. */
	if (status == STATUS_OK && session->interruptible)
		status = set_up(arguments, *ret);
	return status;
}

/* Opening the default connection has no time limit: another one shows whether it would wait. */
static binder_status_t open_shared(struct session *session, ABinderConnection **ret)
{
	ABinderConnection *probe = NULL;
	binder_status_t status = STATUS_OK;

	if (!session->is_open)
		status = ABinderConnection_openWithin(session->arguments->device,
						      session_reach(session), &probe);
	ABinderConnection_close(probe);
	if (status == STATUS_OK)
		*ret = session->shared = ABinderConnection_getDefault();
	return *ret || status != STATUS_OK ? status : STATUS_NAME_NOT_FOUND;
}

int session_open(struct session *session, ABinderConnection **ret)
{
	const struct arguments *arguments = session->arguments;
	ABinderConnection *connection = NULL;
	char hint[DRIVER_HINT];
	binder_status_t status;

	waiting_begin(arguments);
	status = session->shares ? open_shared(session, &connection) :
				   open_own(session, &connection);
	if (status == STATUS_OK) {
		session_watch(session, connection);
		*ret = connection;
		return EXIT_OK;
	}
	ABinderConnection_close(connection);
	if (status == STATUS_NAME_NOT_FOUND)
		return no_driver(arguments);
	if (status == STATUS_TIMED_OUT)
		return fail(arguments, EXIT_TIMEOUT, "binderctl doctor",
			    "the Binder driver cannot be reached in time: %s", ABinder_lastError());
	if (status == STATUS_BAD_VALUE)
		return fail(arguments, EXIT_USAGE,
			    is_domain(arguments->domain ? arguments->domain :
							  getenv("BINDER_DOMAIN")) ?
				    "--android 30" :
				    "--domain vendor",
			    "%s", ABinder_lastError());
	return fail(arguments, EXIT_NO_DRIVER, driver_hint(arguments, hint),
		    "the Binder driver cannot be used: %s", ABinder_lastError());
}

void session_take_time(const struct session *session, ABinderConnection *connection)
{
	/* A borrowed one has no deadline: others use it, too. */
	if (!session->shared)
		ABinderConnection_setDeadline(connection, session_left(session));
}

void session_close(struct session *session, ABinderConnection *connection)
{
	if (!connection)
		return;
	session_watch(session, NULL);
	if (connection != session->shared)
		ABinderConnection_close(connection);
}

/* ---- services -------------------------------------------------------------- */

/* Is it the device that `binderctl up` serves? */
static bool is_ups_device(const struct arguments *arguments, const char *path)
{
	const char *named = arguments->device ? arguments->device : getenv("BINDER_DEVICE");
	const char *dir = getenv("BINDER_DIR"), *slash = strrchr(path, '/');

	if (!slash || strcmp(slash + 1, "binder") != 0)
		return false;
	if (!named || !strchr(named, '/'))
		return true;
	return dir && strlen(dir) == (size_t)(slash - path) && !strncmp(dir, path, slash - path);
}

void session_manager_hint(const struct arguments *arguments, ABinderConnection *connection,
			  char *hint, size_t size)
{
	const char *path = ABinderConnection_getDevice(connection);
	const char *option = ABinderConnection_isHidl(connection) ? "--hwbinder " : "";

	/* The first manager stays: on a kernel's device the other one may be a container's. */
	if (!ABinderConnection_isUserspace(connection))
		snprintf(hint, size,
			 "start Android's container (Waydroid) if it is to use this device; else "
			 "servicemanager %s--device %s & (it keeps Android's out)",
			 option, path);
	else
		snprintf(hint, size, "%sservicemanager %s--device %s &",
			 is_ups_device(arguments, path) ? "binderctl up, or " : "", option, path);
}

int session_no_manager(const struct session *session, ABinderConnection *connection)
{
	const char *path = ABinderConnection_getDevice(connection);
	char hint[PATH_MAX + 200];

	session_manager_hint(session->arguments, connection, hint, sizeof(hint));
	return fail(session->arguments, EXIT_NO_SERVICE, hint,
		    "no service manager: the driver is there, but nobody serves handle 0 of %s",
		    path);
}

/* The dialect that the service manager is found to speak.  NULL: it does not tell. */
static const char *dialect_of_manager(const char *device)
{
	ABinderConnection *connection = NULL;
	char *said = strdup(getenv("BINDER_ANDROID"));
	const char *dialect = NULL;

	if (!said)
		return NULL;
	unsetenv("BINDER_ANDROID");
	if (ABinderConnection_openWithin(device, DIALECT_MS, &connection) == STATUS_OK)
		dialect = ABinderConnection_getAndroid(connection, NULL);
	ABinderConnection_close(connection);
	setenv("BINDER_ANDROID", said, 1);
	free(said);
	return dialect;
}

int session_wrong_dialect(const struct session *session, ABinderConnection *connection,
			  binder_status_t status)
{
	const struct arguments *arguments = session->arguments;
	const char *said = getenv("BINDER_ANDROID"), *device, *mine, *manager;

	if (!said || !*said || !connection || ABinderConnection_isHidl(connection) ||
	    (status != STATUS_BAD_TYPE && status != STATUS_NOT_ENOUGH_DATA &&
	     status != STATUS_UNKNOWN_TRANSACTION))
		return EXIT_OK;
	device = ABinderConnection_getDevice(connection);
	mine = ABinderConnection_getAndroid(connection, NULL);
	manager = dialect_of_manager(device);
	/* Static texts, but not one each. */
	if (!mine || !manager || !strcmp(mine, manager))
		return EXIT_OK;
	return fail(arguments, EXIT_OTHER,
		    "without --android and BINDER_ANDROID: the dialect is found by asking",
		    "the service manager of %s speaks the dialect of %s, and --android or "
		    "BINDER_ANDROID says %s: that of %s (%s)",
		    device, manager, said, mine, ABinder_statusName(status));
}

bool session_lost_driver(const ABinderConnection *connection)
{
	return connection && !ABinderConnection_isAlive(connection);
}

int session_no_driver_any_more(const struct session *session, ABinderConnection *connection)
{
	const struct arguments *arguments = session->arguments;
	const char *path = ABinderConnection_getDevice(connection);
	AIBinder *binder = NULL;

	/* Asked nothing any more, the connection says what became of it. */
	if (AServiceManager_checkOn(connection, "manager", &binder) == STATUS_TIMED_OUT)
		return fail(arguments, EXIT_TIMEOUT, "binderctl doctor", "%s (TIMED_OUT)",
			    ABinder_lastError());
	return fail(arguments, EXIT_NO_DRIVER,
		    is_ups_device(arguments, path) ? "binderctl up, then start the services again" :
						     "binderctl doctor",
		    "the driver is gone: binderd, which served %s, has ended", path);
}

struct names {
	char *name[512];
	int count;
};

static bool keep_name(const char *name, void *cookie)
{
	struct names *names = cookie;

	names->name[names->count] = strdup(name);
	names->count += names->name[names->count] != NULL;
	return names->count + 1 < (int)(sizeof(names->name) / sizeof(*names->name));
}

/* suggest() takes no context. */
static const struct names *suggested_from;

static const char *name_at(int index)
{
	return index < suggested_from->count ? suggested_from->name[index] : NULL;
}

static int no_service(const struct session *session, ABinderConnection *connection,
		      const char *name)
{
	struct names names = { .count = 0 };
	const char *near = NULL;
	binder_status_t status;
	int result;

	status = AServiceManager_listOn(connection, keep_name, &names);
	if (status == STATUS_OK) {
		suggested_from = &names;
		near = suggest(name, name_at);
	}
	/* The name may be there, and the question in another dialect. */
	result = session_wrong_dialect(session, connection, status);
	if (result != EXIT_OK)
		return result;
	result = fail(session->arguments, EXIT_NO_SERVICE, "binderctl list",
		      "no such service: %s%s%s%s", name, near ? " (did you mean " : "",
		      near ? near : "", near ? "?)" : "");
	for (int i = 0; i < names.count; i++)
		free(names.name[i]);
	return result;
}

int session_bad_name(const struct session *session, ABinderConnection *connection, const char *name)
{
	if (connection && ABinderConnection_isHidl(connection))
		return fail(session->arguments, EXIT_USAGE,
			    "android.hidl.manager@1.0::IServiceManager/default",
			    "%s: a HIDL service is called INTERFACE/NAME", name);
	return fail(session->arguments, EXIT_USAGE, "binderctl list",
		    "%s: a name is 1 to 127 of A-Z a-z 0-9 _ . / -", name);
}

int session_find(struct session *session, ABinderConnection *connection, const char *name,
		 AIBinder **ret)
{
	AIBinder *binder = NULL;
	binder_status_t status;
	int result;

	if (!strcmp(name, "manager"))
		status = ABinderConnection_getContextManager(connection, &binder);
	else
		status = AServiceManager_checkOn(connection, name, &binder);
	switch (status) {
	case STATUS_OK:
		*ret = binder;
		return EXIT_OK;
	case STATUS_NAME_NOT_FOUND:
		return no_service(session, connection, name);
	case STATUS_DEAD_OBJECT:
		return session_lost_driver(connection) ?
			       session_no_driver_any_more(session, connection) :
			       session_no_manager(session, connection);
	case STATUS_TIMED_OUT:
		return fail(session->arguments, EXIT_TIMEOUT, "binderctl doctor", "%s (TIMED_OUT)",
			    ABinder_lastError());
	case STATUS_BAD_VALUE:
		return session_bad_name(session, connection, name);
	default:
		result = session_wrong_dialect(session, connection, status);
		return result != EXIT_OK ? result : fail_status(session->arguments, status, name);
	}
}

int session_enter(struct session *session, ABinderConnection **connection_ret,
		  AIBinder **binder_ret)
{
	int result = session_open(session, connection_ret);

	if (result == EXIT_OK)
		result = session_find(session, *connection_ret, session->arguments->argv[0],
				      binder_ret);
	if (result == EXIT_OK)
		session_take_time(session, *connection_ret);
	return result;
}

binder_status_t session_ping(AIBinder *binder, int timeout_ms)
{
	bool hidl = ABinderConnection_isHidl(AIBinder_getConnection(binder));
	uint32_t code = hidl ? SESSION_CODE(0x0f, 'P', 'N', 'G') : SESSION_CODE('_', 'P', 'N', 'G');
	AParcel *in = NULL, *out = NULL;
	binder_status_t status = AIBinder_prepareRaw(binder, hidl ? HIDL_BASE : NULL, &in);

	if (status == STATUS_OK)
		status = AIBinder_transactRaw(binder, code, &in, &out, 0, timeout_ms);
	AParcel_delete(out);
	return status;
}

/* interfaceDescriptor() of a HIDL object: int32 0, a string. */
static binder_status_t hidl_descriptor(AIBinder *binder, int timeout_ms, char **ret)
{
	AParcel *in = NULL, *out = NULL;
	int32_t answer;
	binder_status_t status = AIBinder_prepareRaw(binder, HIDL_BASE, &in);

	if (status == STATUS_OK)
		status = AIBinder_transactRaw(binder, SESSION_CODE(0x0f, 'D', 'S', 'C'), &in, &out,
					      0, timeout_ms);
	if (status == STATUS_OK)
		status = AParcel_readInt32(out, &answer);
	if (status == STATUS_OK)
		status = AParcel_readHidlString(out, ret);
	AParcel_delete(out);
	return status;
}

binder_status_t session_descriptor(AIBinder *binder, int timeout_ms, char **ret)
{
	AParcel *in = NULL, *out = NULL;
	char *text = NULL;
	binder_status_t status;

	if (timeout_ms < 0) {
		status = AIBinder_fetchDescriptor(binder, &text);
	} else if (ABinderConnection_isHidl(AIBinder_getConnection(binder))) {
		status = hidl_descriptor(binder, timeout_ms, &text);
	} else {
		status = AIBinder_prepareRaw(binder, NULL, &in);
		if (status == STATUS_OK)
			status = AIBinder_transactRaw(binder, SESSION_CODE('_', 'N', 'T', 'F'), &in,
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

/* ---- processes ------------------------------------------------------------- */

static size_t read_small(const char *path, char *buffer, size_t size)
{
	/* A file of /proc gives all that fits at once; a thousand processes are a thousand files. */
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return 0;
	do
		length = read(fd, buffer, size);
	while (length < 0 && errno == EINTR);
	close(fd);
	return length > 0 ? (size_t)length : 0;
}

static bool begins(const char *word, const char *with)
{
	return !strncmp(word, with, strlen(with));
}

/* The script of an interpreter: its first word that is no option; behind "run" of ours. */
static const char *script_of(pid_t pid, const char *program, char *words, size_t size)
{
	bool ours = !strcmp(program, "binderctl"), found = !ours;
	char path[64], *word, *slash;
	size_t length;

	if (!ours && !begins(program, "lua") && !begins(program, "python") &&
	    !begins(program, "perl") && !begins(program, "ruby"))
		return NULL;
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	length = read_small(path, words, size - 1);
	words[length] = 0;
	for (word = words + strlen(words) + 1; word < words + length; word += strlen(word) + 1) {
		if (!found) {
			found = !strcmp(word, "run");
		} else if (*word != '-') {
			slash = strrchr(word, '/');
			return slash ? slash + 1 : word;
		}
	}
	return NULL;
}

void session_process(pid_t pid, int64_t *uid_ret, char *name_ret, size_t size)
{
	char path[64], words[4096];
	const char *script;
	struct stat info;

	*uid_ret = -1;
	name_ret[0] = 0;
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (pid <= 0 || stat(path, &info) != 0)
		return;
	*uid_ret = info.st_uid;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	name_ret[read_small(path, name_ret, size - 1)] = 0;
	name_ret[strcspn(name_ret, "\n")] = 0;
	script = script_of(pid, name_ret, words, sizeof(words));
	if (script && *script)
		snprintf(name_ret, size, "%s", script);
	/* Names are cut anywhere, and JSON takes no half characters. */
	for (size_t at = 0; name_ret[at];) {
		size_t length = text_sequence(name_ret + at, strlen(name_ret + at));

		if (!length)
			name_ret[at] = '?';
		at += length ? length : 1;
	}
}
