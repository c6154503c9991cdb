/* SPDX-License-Identifier: MIT */
/*
 * service.c: a binder as a Lua value, whether a service with a name, one that
 * came in a parcel, or an object of this script.
 *
 * Holds one strong reference until it is closed or collected.  Every method
 * that talks to the object goes through lb_queue_do(), so that the script's own
 * objects can be called meanwhile.
 */
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "internal.h"

#define SERVICE_TYPE "binder.service"
#define DUMP_TYPE "binder.dump"
#define NAME 1 /* the user value */

struct lb_service *lb_service_new(lua_State *L)
{
	struct lb_service *service = lua_newuserdatauv(L, sizeof(*service), 1);

	service->binder = NULL;
	luaL_setmetatable(L, SERVICE_TYPE);
	return service;
}

void lb_service_set_name(lua_State *L, int index)
{
	lua_pushvalue(L, index);
	lua_setiuservalue(L, -2, NAME);
}

struct lb_service *lb_service_test(lua_State *L, int index)
{
	return luaL_testudata(L, index, SERVICE_TYPE);
}

struct lb_service *lb_service_check(lua_State *L, int arg)
{
	struct lb_service *service = luaL_checkudata(L, arg, SERVICE_TYPE);

	luaL_argcheck(L, service->binder, arg, "the service is closed");
	return service;
}

/* ---- work for another thread ------------------------------------------------------ */

/* The binder is held: a handler that runs meanwhile may close the service. */
struct job {
	struct lb_work work;
	AIBinder *binder;
	binder_status_t status;
	transaction_code_t code; /* transact */
	binder_flags_t flags;
	int timeout_ms;
	AParcel *in, *out;
	char *descriptor; /* fetch_descriptor */
	int fd;           /* dump */
	const char **args;
	uint32_t arg_count;
};

static binder_status_t do_job(lua_State *L, struct lb_service *service, struct job *job,
			      void (*run)(struct lb_work *))
{
	job->work.run = run;
	job->binder = service->binder;
	job->status = STATUS_UNKNOWN_ERROR;
	AIBinder_incStrong(job->binder);
	lb_queue_do(L, &job->work);
	AIBinder_decStrong(job->binder);
	return job->status;
}

static void transact(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	job->status = AIBinder_transactRaw(job->binder, job->code, &job->in, &job->out, job->flags,
					   job->timeout_ms);
}

static void fetch_descriptor(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	job->status = AIBinder_fetchDescriptor(job->binder, &job->descriptor);
}

static void ping(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	job->status = AIBinder_ping(job->binder);
}

static void dump(struct lb_work *work)
{
	struct job *job = (struct job *)work;

	job->status = AIBinder_dump(job->binder, job->fd, job->args, job->arg_count);
}

/* ---- calls ------------------------------------------------------------------------- */

struct options {
	const char *interface; /* NULL: the object's own */
	bool token, status, oneway;
	int timeout_ms;
};

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

static void read_options(lua_State *L, int arg, struct options *options)
{
	lua_pushnil(L);
	while (lua_next(L, arg)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?";

		if (strcmp(name, "timeout") == 0) {
			if (!lua_isnumber(L, -1) || lua_tonumber(L, -1) < 0)
				luaL_argerror(L, arg, "option 'timeout': seconds expected");
			options->timeout_ms = lb_check_timeout(L, lua_gettop(L));
		} else if (strcmp(name, "interface") == 0) {
			if (lua_type(L, -1) != LUA_TSTRING)
				luaL_argerror(L, arg, "option 'interface': string expected");
			options->interface = lua_tostring(L, -1);
		} else if (strcmp(name, "token") == 0) {
			options->token = bool_option(L, arg, name);
		} else if (strcmp(name, "status") == 0) {
			options->status = bool_option(L, arg, name);
		} else if (strcmp(name, "oneway") == 0) {
			options->oneway = bool_option(L, arg, name);
		} else {
			luaL_argerror(L, arg,
				      lua_pushfstring(L,
						      "unknown option '%s'; timeout, "
						      "interface, token, status, oneway",
						      name));
		}
		lua_pop(L, 1);
	}
}

/* A table with names and no [1]. */
static bool is_options(lua_State *L, int index)
{
	bool named;

	if (lua_type(L, index) != LUA_TTABLE)
		return false;
	named = lua_rawgeti(L, index, 1) == LUA_TNIL;
	lua_pop(L, 1);
	return named;
}

/* The request's token, into the open parcel's scratch when it has to be asked for. */
static binder_status_t find_interface(lua_State *L, struct lb_service *service,
				      struct options *options, struct lb_parcel *owner,
				      struct job *job)
{
	if (!options->token || options->interface)
		return STATUS_OK;
	if (do_job(L, service, job, fetch_descriptor) != STATUS_OK)
		return job->status;
	owner->scratch = job->descriptor;
	options->interface = owner->scratch;
	return STATUS_OK;
}

static int call_with(lua_State *L, bool oneway)
{
	struct lb_service *service = lb_service_check(L, 1);
	lua_Integer code = luaL_checkinteger(L, 2);
	struct options options = {
		.token = true, .status = true, .oneway = oneway, .timeout_ms = -1
	};
	int last = lua_gettop(L);
	struct job job = { .code = (transaction_code_t)code };
	struct lb_parcel *request, *reply;
	binder_status_t status;
	int failed;

	luaL_argcheck(L, code >= 0 && code <= UINT32_MAX, 2, "code out of range for u32");
	if (last >= 3 && is_options(L, last))
		read_options(L, last--, &options);
	request = lb_parcel_new(L);
	status = find_interface(L, service, &options, request, &job);
	if (status != STATUS_OK)
		return lb_fail(L, status, job.work.error);
	/* A handler that ran meanwhile may have closed it. */
	lb_service_check(L, 1);
	status = AIBinder_prepareRaw(service->binder, options.token ? options.interface : NULL,
				     &request->parcel);
	if (status != STATUS_OK)
		return lb_fail(L, status, NULL);
	for (int arg = 3; arg <= last; arg++)
		lb_parcel_write_arg(L, request, arg);
	reply = lb_parcel_new(L);

	job.in = request->parcel;
	request->parcel = NULL; /* consumed in every case */
	job.flags = options.oneway ? FLAG_ONEWAY : 0;
	job.timeout_ms = options.timeout_ms;
	status = do_job(L, service, &job, transact);
	reply->parcel = job.out;
	if (status != STATUS_OK)
		return lb_finish(L, lb_fail(L, status, job.work.error));
	if (options.oneway) {
		lua_pushboolean(L, true);
		return lb_finish(L, 1);
	}
	/* A service that has nothing to say may leave out even the status. */
	if (options.status && AParcel_getDataSize(reply->parcel) > 0) {
		failed = lb_parcel_read_status(L, reply);
		if (failed)
			return lb_finish(L, failed);
	}
	return lb_finish(L, 1);
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

static int ping_method(lua_State *L)
{
	struct job job = { 0 };

	if (do_job(L, lb_service_check(L, 1), &job, ping) != STATUS_OK)
		return lb_finish(L, lb_fail(L, job.status, job.work.error));
	lua_pushboolean(L, true);
	return lb_finish(L, 1);
}

/* ---- dump --------------------------------------------------------------------------- */

static int read_whole(lua_State *L, int fd)
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
	return 1;
}

/* svc:dump(arg, ...): what the object writes about itself */
static int dump_method(lua_State *L)
{
	struct lb_service *service = lb_service_check(L, 1);
	const int count = lua_gettop(L) - 1;
	struct job job = { .arg_count = (uint32_t)count };
	int *file;

	for (int i = 0; i < count; i++)
		luaL_checkstring(L, 2 + i);
	job.args = lua_newuserdatauv(L, ((size_t)count + 1) * sizeof(*job.args), 0);
	for (int i = 0; i < count; i++)
		job.args[i] = lua_tostring(L, 2 + i);
	/* A file in memory: a service that writes much is never held up. */
	file = lua_newuserdatauv(L, sizeof(*file), 0);
	*file = -1;
	luaL_setmetatable(L, DUMP_TYPE);
	job.fd = *file = memfd_create("binder-dump", MFD_CLOEXEC);
	if (job.fd < 0)
		return lb_fail(L, STATUS_NO_MEMORY, "no file for the dump: too many open?");
	if (do_job(L, service, &job, dump) != STATUS_OK)
		return lb_finish(L, lb_fail(L, job.status, job.work.error));
	return lb_finish(L, read_whole(L, job.fd));
}

static int close_dump(lua_State *L)
{
	int *file = luaL_checkudata(L, 1, DUMP_TYPE);

	if (*file >= 0)
		close(*file);
	*file = -1;
	return 0;
}

/* ---- what it is ------------------------------------------------------------------------ */

static int descriptor(lua_State *L)
{
	struct lb_service *service = lb_service_check(L, 1);
	struct lb_parcel *owner = lb_parcel_new(L);
	struct job job = { 0 };

	if (do_job(L, service, &job, fetch_descriptor) != STATUS_OK)
		return lb_finish(L, lb_fail(L, job.status, job.work.error));
	owner->scratch = job.descriptor;
	lua_pushstring(L, owner->scratch);
	return lb_finish(L, 1);
}

static int alive(lua_State *L)
{
	lua_pushboolean(L, AIBinder_isAlive(lb_service_check(L, 1)->binder));
	return 1;
}

/* The driver's number for a remote object; nil for one of this process. */
static int handle(lua_State *L)
{
	uint32_t number;

	if (AIBinder_getHandle(lb_service_check(L, 1)->binder, &number) == STATUS_OK)
		lua_pushinteger(L, number);
	else
		lua_pushnil(L);
	return 1;
}

/* The name that it was found or registered under; nil for others. */
static int name(lua_State *L)
{
	luaL_checkudata(L, 1, SERVICE_TYPE);
	lua_getiuservalue(L, 1, NAME);
	return 1;
}

static int equal(lua_State *L)
{
	struct lb_service *a = lb_service_test(L, 1), *b = lb_service_test(L, 2);

	lua_pushboolean(L, a == b || (a && b && a->binder && b->binder &&
				      !AIBinder_lt(a->binder, b->binder) &&
				      !AIBinder_lt(b->binder, a->binder)));
	return 1;
}

static int to_string(lua_State *L)
{
	struct lb_service *service = luaL_checkudata(L, 1, SERVICE_TYPE);
	const char *label;
	uint32_t number;

	lua_getiuservalue(L, 1, NAME);
	label = lua_isstring(L, -1) ? lua_tostring(L, -1) : "anonymous";
	if (!service->binder)
		lua_pushfstring(L, SERVICE_TYPE " (%s, closed)", label);
	else if (AIBinder_getHandle(service->binder, &number) == STATUS_OK)
		lua_pushfstring(L, SERVICE_TYPE " (%s, handle %d%s)", label, (int)number,
				AIBinder_isAlive(service->binder) ? "" : ", dead");
	else
		lua_pushfstring(L, SERVICE_TYPE " (%s, local)", label);
	return 1;
}

static int close_service(lua_State *L)
{
	struct lb_service *service = luaL_checkudata(L, 1, SERVICE_TYPE);
	AIBinder *binder = service->binder;

	service->binder = NULL;
	AIBinder_decStrong(binder);
	return 0;
}

static const luaL_Reg methods[] = {
	{ "call", call },
	{ "oneway", oneway },
	{ "ping", ping_method },
	{ "dump", dump_method },
	{ "descriptor", descriptor },
	{ "alive", alive },
	{ "handle", handle },
	{ "name", name },
	{ "on_death", lb_on_death },
	{ "close", close_service },
	{ NULL, NULL },
};

static const luaL_Reg metamethods[] = {
	{ "__gc", close_service },
	{ "__close", close_service },
	{ "__eq", equal },
	{ "__tostring", to_string },
	{ NULL, NULL },
};

void lb_open_service(lua_State *L)
{
	luaL_newmetatable(L, SERVICE_TYPE);
	luaL_setfuncs(L, metamethods, 0);
	luaL_newlib(L, methods);
	lua_setfield(L, -2, "__index");
	luaL_newmetatable(L, DUMP_TYPE);
	lua_pushcfunction(L, close_dump);
	lua_setfield(L, -2, "__gc");
	lua_pop(L, 2);
}
