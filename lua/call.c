/* SPDX-License-Identifier: MIT */
/*
 * call.c: what a service is asked: call, oneway, ping, dump, descriptor.
 *
 * Methods of service.c's userdata.  Each is one job of job.c, which goes in as
 * parcels that are ready and comes back as a parcel.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "parcel.h"
#include "queue.h"

/* What every object answers: four letters each. */
#define CODE(a, b, c, d) ((transaction_code_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define CODE_PING CODE('_', 'P', 'N', 'G')
#define CODE_DUMP CODE('_', 'D', 'M', 'P')
#define CODE_INTERFACE CODE('_', 'N', 'T', 'F')

struct job {
	struct lb_job job;
	AIBinder *binder; /* a reference: a handler that runs meanwhile may close the service */
	transaction_code_t code;
	binder_flags_t flags;
	int timeout_ms;
	bool ask;       /* for the descriptor first: the token stands before what is in */
	bool no_status; /* the reply has none */
	AParcel *in, *out;
	char *descriptor; /* malloc()ed */
	int fd;           /* of a dump, or -1 */
};

/* ---- on another thread ----------------------------------------------------------------- */

static bool allocate(void *cookie, int32_t size, char **buffer)
{
	char **text = cookie;

	*buffer = *text = size < 0 ? NULL : malloc((size_t)size + 1);
	return size < 0 || *buffer;
}

static binder_status_t ask_descriptor(struct job *job)
{
	AParcel *in = NULL, *out = NULL;
	binder_status_t status;

	if (job->timeout_ms < 0)
		return AIBinder_fetchDescriptor(job->binder, &job->descriptor);
	status = AIBinder_prepareRaw(job->binder, NULL, &in);
	if (status == STATUS_OK)
		status = AIBinder_transactRaw(job->binder, CODE_INTERFACE, &in, &out, 0,
					      job->timeout_ms);
	if (status == STATUS_OK)
		status = AParcel_readString(out, &job->descriptor, allocate);
	AParcel_delete(out);
	if (status == STATUS_OK && !job->descriptor)
		job->descriptor = strdup("");
	return status == STATUS_OK && !job->descriptor ? STATUS_NO_MEMORY : status;
}

/* Puts the token before what the script has written already. */
static binder_status_t add_token(struct job *job)
{
	AParcel *whole = NULL;
	binder_status_t status = ask_descriptor(job);

	if (status == STATUS_OK)
		status = AIBinder_prepareRaw(job->binder, job->descriptor, &whole);
	if (status != STATUS_OK)
		return status;
	status = AParcel_appendFrom(job->in, whole, 0, AParcel_getDataSize(job->in));
	AParcel_delete(job->in);
	job->in = whole;
	return status;
}

static binder_status_t transact(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);
	binder_status_t status = job->ask ? add_token(job) : STATUS_OK;

	if (status != STATUS_OK)
		return status;
	return AIBinder_transactRaw(job->binder, job->code, &job->in, &job->out, job->flags,
				    job->timeout_ms);
}

static binder_status_t fetch(struct lb_job *base)
{
	return ask_descriptor(LB_CONTAINER(base, struct job, job));
}

/* ---- back on the Lua thread ---------------------------------------------------------------- */

static void free_job(struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);

	AIBinder_decStrong(job->binder);
	AParcel_delete(job->in);
	AParcel_delete(job->out);
	free(job->descriptor);
	if (job->fd >= 0)
		close(job->fd);
}

/* The service is argument 1. */
static void remember_descriptor(lua_State *L, const struct job *job)
{
	if (job->descriptor)
		lb_service_set_descriptor(L, 1, job->descriptor);
}

static int finish_call(lua_State *L, struct lb_job *base)
{
	struct job *job = LB_CONTAINER(base, struct job, job);
	struct lb_parcel *reply;
	int failed;

	remember_descriptor(L, job);
	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	if (job->flags & FLAG_ONEWAY) {
		lua_pushboolean(L, true);
		return 1;
	}
	reply = lb_parcel_new(L);
	reply->parcel = job->out;
	job->out = NULL;
	/* A service that has nothing to say may leave out even the status. */
	if (job->no_status || AParcel_getDataSize(reply->parcel) == 0)
		return 1;
	failed = lb_parcel_read_status(L, reply);
	return failed ? failed : 1;
}

static int finish_ping(lua_State *L, struct lb_job *base)
{
	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	lua_pushboolean(L, true);
	return 1;
}

void lb_push_whole(lua_State *L, int fd)
{
	luaL_Buffer buffer;
	off_t offset = 0;

	luaL_buffinit(L, &buffer);
	for (;;) {
		char *room = luaL_prepbuffer(&buffer);
		ssize_t got = pread(fd, room, LUAL_BUFFERSIZE, offset);

		if (got <= 0)
			break;
		luaL_addsize(&buffer, (size_t)got);
		offset += got;
	}
	luaL_pushresult(&buffer);
}

static int finish_dump(lua_State *L, struct lb_job *base)
{
	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	lb_push_whole(L, LB_CONTAINER(base, struct job, job)->fd);
	return 1;
}

static int finish_fetch(lua_State *L, struct lb_job *base)
{
	const struct job *job = LB_CONTAINER(base, struct job, job);

	if (base->status != STATUS_OK)
		return lb_job_fail(L, base);
	remember_descriptor(L, job);
	lua_pushstring(L, job->descriptor);
	return 1;
}

static const struct lb_job_kind calling = { sizeof(struct job), transact, finish_call, free_job };
static const struct lb_job_kind pinging = { sizeof(struct job), transact, finish_ping, free_job };
static const struct lb_job_kind dumping = { sizeof(struct job), transact, finish_dump, free_job };
static const struct lb_job_kind fetching = { sizeof(struct job), fetch, finish_fetch, free_job };

static struct job *new_job(lua_State *L, const struct lb_job_kind *kind,
			   const struct lb_service *service)
{
	struct job *job = lb_job_new(L, kind);

	job->fd = -1;
	job->timeout_ms = -1;
	job->binder = service->binder;
	AIBinder_incStrong(job->binder);
	return job;
}

/* ---- options -------------------------------------------------------------------------------- */

struct options {
	const char *interface; /* NULL: the object's own */
	bool token, status, oneway;
	int timeout_ms;
};

enum { TIMEOUT_ONLY, ALL };

int lb_check_timeout(lua_State *L, int arg)
{
	lua_Number seconds;

	if (lua_isnoneornil(L, arg))
		return -1;
	seconds = luaL_checknumber(L, arg);
	luaL_argcheck(L, seconds >= 0, arg, "seconds expected, 0 or more");
	if (seconds >= INT_MAX / 1000)
		return INT_MAX;
	return (int)ceil(seconds * 1000);
}

static bool bool_option(lua_State *L, int arg, const char *name)
{
	if (!lua_isboolean(L, -1))
		luaL_argerror(L, arg,
			      lua_pushfstring(L, "option '%s': boolean expected, got %s", name,
					      luaL_typename(L, -1)));
	return lua_toboolean(L, -1);
}

static void read_option(lua_State *L, int arg, const char *name, int which, struct options *options)
{
	if (strcmp(name, "timeout") == 0) {
		if (!lua_isnumber(L, -1) || !(lua_tonumber(L, -1) >= 0))
			luaL_argerror(L, arg, "option 'timeout': seconds expected");
		options->timeout_ms = lb_check_timeout(L, lua_gettop(L));
	} else if (which == ALL && strcmp(name, "interface") == 0) {
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_argerror(L, arg, "option 'interface': string expected");
		options->interface = lua_tostring(L, -1);
	} else if (which == ALL && strcmp(name, "token") == 0) {
		options->token = bool_option(L, arg, name);
	} else if (which == ALL && strcmp(name, "status") == 0) {
		options->status = bool_option(L, arg, name);
	} else if (which == ALL && strcmp(name, "oneway") == 0) {
		options->oneway = bool_option(L, arg, name);
	} else {
		luaL_argerror(L, arg,
			      lua_pushfstring(L, "unknown option '%s'; timeout%s", name,
					      which == ALL ? ", interface, token, status, oneway" :
							     ""));
	}
}

/* The last argument is options when it is a table with names and no [1].  Returns how many
 * arguments are left. */
static int take_options(lua_State *L, int first, int which, struct options *options)
{
	const int last = lua_gettop(L);
	bool named;

	if (last < first || lua_type(L, last) != LUA_TTABLE)
		return last;
	named = lua_rawgeti(L, last, 1) == LUA_TNIL;
	lua_pop(L, 1);
	if (!named)
		return last;
	for (lua_pushnil(L); lua_next(L, last); lua_pop(L, 1))
		read_option(L, last, lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?",
			    which, options);
	return last - 1;
}

/* ---- methods -------------------------------------------------------------------------------- */

static int prepare(lua_State *L, struct job *job, const char *token)
{
	binder_status_t status = AIBinder_prepareRaw(job->binder, token, &job->in);

	return status == STATUS_OK ? 0 : lb_fail(L, status, NULL);
}

static int call_with(lua_State *L, bool oneway)
{
	const struct lb_service *service = lb_service_check(L, 1);
	const lua_Integer code = luaL_checkinteger(L, 2);
	struct options options = {
		.token = true, .status = true, .oneway = oneway, .timeout_ms = -1
	};
	const int last = take_options(L, 3, ALL, &options);
	const char *interface = options.interface;
	struct job *job;
	int failed;

	luaL_argcheck(L, code >= 0 && code <= UINT32_MAX, 2, "code out of range for u32");
	if (options.token && !interface)
		interface = lb_service_descriptor(L, 1);
	job = new_job(L, &calling, service);
	job->code = (transaction_code_t)code;
	job->flags = options.oneway ? FLAG_ONEWAY : 0;
	job->timeout_ms = options.timeout_ms;
	job->no_status = !options.status;
	job->ask = options.token && !interface;
	failed = prepare(L, job, options.token ? interface : NULL);
	if (failed)
		return failed;
	for (int arg = 3; arg <= last; arg++)
		lb_parcel_write_arg(L, job->in, arg);
	return lb_job_do(L, &job->job);
}

/* svc:call(code [, parcel or values ...] [, options]): the reply, behind its status */
static int call(lua_State *L)
{
	return call_with(L, false);
}

/* svc:oneway(code [, parcel or values ...] [, options]): true once it is on its way */
static int oneway(lua_State *L)
{
	return call_with(L, true);
}

/* svc:ping([options]): true when it answers */
static int ping(lua_State *L)
{
	const struct lb_service *service = lb_service_check(L, 1);
	struct options options = { .timeout_ms = -1 };
	struct job *job;
	int failed;

	if (take_options(L, 2, TIMEOUT_ONLY, &options) > 1)
		return luaL_argerror(L, 2, "options expected, as in {timeout = 1}");
	job = new_job(L, &pinging, service);
	job->code = CODE_PING;
	job->timeout_ms = options.timeout_ms;
	failed = prepare(L, job, NULL);
	return failed ? failed : lb_job_do(L, &job->job);
}

static binder_status_t write_dump(lua_State *L, struct job *job, int last)
{
	binder_status_t status = AParcel_writeFd(job->in, job->fd);

	if (status == STATUS_OK)
		status = AParcel_writeInt32(job->in, last - 1);
	for (int arg = 2; status == STATUS_OK && arg <= last; arg++) {
		size_t size;
		const char *text = lua_tolstring(L, arg, &size);

		status = AParcel_writeString(job->in, text, (int32_t)size);
	}
	return status;
}

/* svc:dump(arg, ... [, options]): what the object writes about itself */
static int dump(lua_State *L)
{
	const struct lb_service *service = lb_service_check(L, 1);
	struct options options = { .timeout_ms = -1 };
	const int last = take_options(L, 2, TIMEOUT_ONLY, &options);
	struct job *job;
	binder_status_t status;
	int failed;

	for (int arg = 2; arg <= last; arg++)
		luaL_checkstring(L, arg);
	job = new_job(L, &dumping, service);
	job->code = CODE_DUMP;
	job->timeout_ms = options.timeout_ms;
	/* A file in memory: a service that writes much is never held up. */
	job->fd = memfd_create("binder-dump", MFD_CLOEXEC);
	if (job->fd < 0)
		return lb_fail(L, STATUS_NO_MEMORY, "no file for the dump: too many open?");
	failed = prepare(L, job, NULL);
	if (failed)
		return failed;
	status = write_dump(L, job, last);
	return status == STATUS_OK ? lb_job_do(L, &job->job) : lb_fail(L, status, NULL);
}

/* svc:descriptor([options]): the name of its interface */
static int descriptor(lua_State *L)
{
	const struct lb_service *service = lb_service_check(L, 1);
	struct options options = { .timeout_ms = -1 };
	const char *known;
	struct job *job;

	if (take_options(L, 2, TIMEOUT_ONLY, &options) > 1)
		return luaL_argerror(L, 2, "options expected, as in {timeout = 1}");
	known = lb_service_descriptor(L, 1);
	if (known) {
		lua_pushstring(L, known);
		return 1;
	}
	job = new_job(L, &fetching, service);
	job->timeout_ms = options.timeout_ms;
	return lb_job_do(L, &job->job);
}

const luaL_Reg lb_call_methods[] = {
	{ "call", call },      { "oneway", oneway },         { "ping", ping }, { "dump", dump },
	{ "shell", lb_shell }, { "descriptor", descriptor }, { NULL, NULL },
};
