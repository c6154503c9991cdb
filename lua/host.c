/* SPDX-License-Identifier: MIT */
/*
 * host.c: objects of this script: binder.serve(name, spec), binder.object(spec).
 *
 *	{ descriptor = "a.b.IFoo",
 *	  [1] = function(req, reply, ctx) ... end,	-- a handler per code
 *	  any = function(req, reply, ctx) ... end,	-- for all other codes
 *	  dump = function(args, file) return text end,
 *	  token = false,		-- do not check interface tokens
 *	  status = false }		-- replies do not begin with a status word
 *
 * libbinder calls on a thread of its pool; the handler runs on the Lua thread.
 * What it throws becomes the reply's status, in place of what was written.  The
 * spec lives as long as anybody, here or elsewhere, holds the object.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

struct host {
	struct lb_queue *queue;
	lua_Integer spec; /* its anchor */
	bool status;
	struct lb_task release;
};

/* ---- one call ------------------------------------------------------------------------- */

struct transaction {
	struct lb_task task;
	struct host *host;
	transaction_code_t code;
	binder_flags_t flags;
	pid_t pid;
	uid_t uid;
	const AParcel *in;
	AParcel *out;
	binder_status_t status;
};

static void push_context(lua_State *L, const struct transaction *transaction)
{
	lua_createtable(L, 0, 5);
	lua_pushinteger(L, transaction->code);
	lua_setfield(L, -2, "code");
	lua_pushinteger(L, transaction->flags);
	lua_setfield(L, -2, "flags");
	lua_pushboolean(L, (transaction->flags & FLAG_ONEWAY) != 0);
	lua_setfield(L, -2, "oneway");
	lua_pushinteger(L, transaction->pid);
	lua_setfield(L, -2, "pid");
	lua_pushinteger(L, transaction->uid);
	lua_setfield(L, -2, "uid");
}

static void lend(lua_State *L, const AParcel *parcel, bool request)
{
	struct lb_parcel *lent = lb_parcel_new(L);

	lent->lent = true;
	lent->request = request;
	lent->parcel = (AParcel *)parcel; /* read-only: see lb_parcel.request */
}

static binder_status_t reply_status(AParcel *out, AStatus *status)
{
	binder_status_t result = AParcel_reset(out);

	if (result == STATUS_OK)
		result = AParcel_writeStatusHeader(out, status);
	AStatus_delete(status);
	return result;
}

static bool push_handler(lua_State *L, const struct transaction *transaction)
{
	lb_push_anchored(L, transaction->host->spec);
	if (!lua_istable(L, -1))
		return false;
	if (lua_rawgeti(L, -1, transaction->code) != LUA_TNIL)
		return true;
	lua_pop(L, 1);
	lua_pushliteral(L, "any");
	return lua_rawget(L, -2) != LUA_TNIL;
}

/* Stack: the task, handler, request, reply. */
enum { HANDLER = 2, REQUEST, REPLY };

static int run_transaction(lua_State *L)
{
	struct transaction *transaction = lua_touserdata(L, 1);
	const bool status = transaction->host->status;
	AParcel *out = transaction->out;
	binder_status_t result;
	bool failed, mistake;

	transaction->status = STATUS_UNKNOWN_TRANSACTION;
	if (!push_handler(L, transaction))
		return 0;
	transaction->status = STATUS_NO_MEMORY;
	lua_replace(L, HANDLER);
	lua_settop(L, HANDLER);
	lend(L, transaction->in, true);
	lend(L, out, false);
	lua_pushcfunction(L, lb_traceback);
	lua_pushvalue(L, HANDLER);
	lua_pushvalue(L, REQUEST);
	lua_pushvalue(L, REPLY);
	push_context(L, transaction);
	result = status ? reply_status(out, AStatus_newOk()) : STATUS_OK;
	/* That is what the caller gets if the handler ends the state. */
	transaction->status = STATUS_DEAD_OBJECT;
	failed = lua_pcall(L, 3, 0, REPLY + 1) != LUA_OK;
	/* First of all, because the script may have kept them. */
	lb_parcel_close(lua_touserdata(L, REQUEST));
	lb_parcel_close(lua_touserdata(L, REPLY));
	transaction->status = result;
	if (!failed)
		return 0;
	/* An exception is an answer; anything else is a mistake that the script must hear of. */
	mistake = !lb_is_exception(L, -1);
	if (!status)
		transaction->status = STATUS_FAILED_TRANSACTION;
	else
		transaction->status = reply_status(out, mistake ? lb_error_to_status(L, -1) :
								  lb_to_status(L, -1));
	return mistake ? lua_error(L) : 0;
}

/* On a thread of the pool. */
static binder_status_t on_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				   AParcel *out)
{
	struct host *host = AIBinder_getUserData(binder);
	struct transaction transaction = {
		.task = { .run = run_transaction },
		.host = host,
		.code = code,
		.in = in,
		.out = out,
		.flags = AIBinder_getCallingFlags(),
		.pid = AIBinder_getCallingPid(),
		.uid = AIBinder_getCallingUid(),
		.status = STATUS_DEAD_OBJECT,
	};

	if (lb_queue_call(host->queue, &transaction.task))
		return STATUS_DEAD_OBJECT;
	return transaction.status;
}

/* ---- one dump -------------------------------------------------------------------------- */

struct dump {
	struct lb_task task;
	struct host *host;
	int fd;
	const char **args;
	uint32_t arg_count;
	char *text; /* malloc()ed; written by the waiting thread */
	size_t size;
};

static int run_dump(lua_State *L)
{
	struct dump *dump = lua_touserdata(L, 1);
	luaL_Stream *file;
	const char *text;
	bool failed;

	lua_pushcfunction(L, lb_traceback);
	lb_push_anchored(L, dump->host->spec);
	lua_pushliteral(L, "dump");
	if (lua_rawget(L, -2) == LUA_TNIL)
		return 0;
	lua_createtable(L, (int)dump->arg_count, 0);
	for (uint32_t i = 0; i < dump->arg_count; i++) {
		lua_pushstring(L, dump->args[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	file = lb_file_new(L);
	lb_file_open(file, dup(dump->fd));
	lua_pushvalue(L, -1);
	lua_insert(L, 2);
	failed = lua_pcall(L, 2, 1, 3) != LUA_OK;
	lb_file_close(file);
	text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &dump->size) : NULL;
	if (text) {
		if (failed)
			dump->size = strcspn(text, "\n");
		dump->text = malloc(dump->size + 1);
		if (dump->text) {
			memcpy(dump->text, text, dump->size);
			dump->text[dump->size] = '\n';
			dump->size += failed;
		}
	}
	return failed && !lb_is_exception(L, -1) ? lua_error(L) : 0;
}

static void write_text(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return;
		text += written;
		size -= (size_t)written;
	}
}

/* On a thread of the pool, which does the writing: a slow reader holds up nobody else. */
static binder_status_t on_dump(AIBinder *binder, int fd, const char **args, uint32_t arg_count)
{
	struct host *host = AIBinder_getUserData(binder);
	struct dump dump = {
		.task = { .run = run_dump },
		.host = host,
		.fd = fd,
		.args = args,
		.arg_count = arg_count,
	};

	if (lb_queue_call(host->queue, &dump.task))
		return STATUS_DEAD_OBJECT;
	if (dump.text)
		write_text(fd, dump.text, dump.size);
	free(dump.text);
	return STATUS_OK;
}

/* ---- the object's life ------------------------------------------------------------------ */

static void *on_create(void *host)
{
	return host;
}

static void free_host(struct host *host)
{
	lb_queue_put(host->queue);
	free(host);
}

static struct host *host_of(struct lb_task *task)
{
	return (struct host *)((char *)task - offsetof(struct host, release));
}

static int run_release(lua_State *L)
{
	lb_unanchor(L, host_of(lua_touserdata(L, 1))->spec);
	return 0;
}

static void drop_release(struct lb_task *task)
{
	free_host(host_of(task));
}

/* On any thread, so the spec is let go of later. */
static void on_destroy(void *user_data)
{
	struct host *host = user_data;

	lb_queue_count_host(host->queue, -1);
	if (lb_queue_push(host->queue, &host->release))
		free_host(host); /* the state has ended, and the spec with it */
}

/* Classes live as long as the process, so they are shared by all states. */
struct class
{
	struct class *next;
	AIBinder_Class *class;
	bool token;
	char descriptor[];
};

static struct class *get_class(const char *descriptor, bool token)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct class *classes;
	struct class *found;

	pthread_mutex_lock(&lock);
	for (found = classes; found; found = found->next)
		if (found->token == token && strcmp(found->descriptor, descriptor) == 0)
			goto out;
	found = malloc(sizeof(*found) + strlen(descriptor) + 1);
	if (!found)
		goto out;
	strcpy(found->descriptor, descriptor);
	found->token = token;
	found->class = AIBinder_Class_define(descriptor, on_create, on_destroy, on_transact);
	if (!found->class) {
		free(found);
		found = NULL;
		goto out;
	}
	AIBinder_Class_setOnDump(found->class, on_dump);
	if (!token)
		AIBinder_Class_disableInterfaceTokenHeader(found->class);
	found->next = classes;
	classes = found;
out:
	pthread_mutex_unlock(&lock);
	return found;
}

int lb_start_threads(lua_State *L)
{
	if (!ABinderConnection_getDefault())
		return lb_fail(L, STATUS_NO_INIT, NULL);
	ABinderProcess_startThreadPool();
	return 0;
}

/* ---- the spec ----------------------------------------------------------------------------- */

static void check_type(lua_State *L, int arg, const char *name, int type)
{
	if (lua_type(L, -1) != type)
		luaL_argerror(L, arg,
			      lua_pushfstring(L, "field '%s': %s expected, got %s", name,
					      lua_typename(L, type), luaL_typename(L, -1)));
}

static void check_field(lua_State *L, int arg)
{
	static const struct {
		const char *name;
		int type;
	} fields[] = {
		{ "descriptor", LUA_TSTRING }, { "any", LUA_TFUNCTION },
		{ "dump", LUA_TFUNCTION },     { "token", LUA_TBOOLEAN },
		{ "status", LUA_TBOOLEAN },
	};
	const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : NULL;

	if (lua_isinteger(L, -2)) {
		lua_Integer code = lua_tointeger(L, -2);

		if (code < FIRST_CALL_TRANSACTION || code > LAST_CALL_TRANSACTION)
			luaL_argerror(L, arg, "codes are 1 to 0x00ffffff");
		if (!lua_isfunction(L, -1))
			luaL_argerror(L, arg,
				      lua_pushfstring(L, "code %d: function expected, got %s",
						      (int)code, luaL_typename(L, -1)));
		return;
	}
	for (size_t i = 0; name && i < sizeof(fields) / sizeof(*fields); i++) {
		if (strcmp(name, fields[i].name) == 0) {
			check_type(L, arg, name, fields[i].type);
			return;
		}
	}
	luaL_argerror(L, arg,
		      lua_pushfstring(L,
				      "unknown field '%s'; descriptor, [code], any, "
				      "dump, token, status",
				      name ? name : luaL_typename(L, -2)));
}

static bool flag(lua_State *L, int arg, const char *name)
{
	bool set;

	lua_pushstring(L, name);
	set = lua_rawget(L, arg) == LUA_TNIL || lua_toboolean(L, -1);
	lua_pop(L, 1);
	return set;
}

/* Pushes the object made of the table at arg, or what lb_fail() pushes. */
static int push_object(lua_State *L, int arg)
{
	struct lb_service *service;
	struct class *class;
	struct host *host;
	lua_Integer spec;
	const char *descriptor = "";
	int failed;

	luaL_checktype(L, arg, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1))
		check_field(L, arg);
	lua_pushliteral(L, "descriptor");
	if (lua_rawget(L, arg) == LUA_TSTRING)
		descriptor = lua_tostring(L, -1);
	failed = lb_start_threads(L);
	if (failed)
		return failed;
	class = get_class(descriptor, flag(L, arg, "token"));
	if (!class)
		return lb_fail(L, STATUS_NO_MEMORY, NULL);
	lb_queue_release(L);
	lua_pushvalue(L, arg);
	spec = lb_anchor(L);
	service = lb_service_new(L);
	host = calloc(1, sizeof(*host));
	if (!host) {
		lb_unanchor(L, spec);
		return lb_fail(L, STATUS_NO_MEMORY, NULL);
	}
	host->queue = lb_queue_get(lb_queue_of(L));
	host->spec = spec;
	host->status = true;
	host->release =
		(struct lb_task){ .kind = LB_RELEASE, .run = run_release, .drop = drop_release };
	lb_queue_count_host(host->queue, 1);
	service->binder = AIBinder_new(class->class, host);
	if (!service->binder) {
		on_destroy(host);
		return lb_fail(L, STATUS_NO_MEMORY, NULL);
	}
	host->status = flag(L, arg, "status");
	return 0;
}

/* binder.object(spec) */
int lb_object(lua_State *L)
{
	int failed = push_object(L, 1);

	return failed ? failed : lb_finish(L, 1);
}

/* binder.serve(name, spec) */
int lb_serve(lua_State *L)
{
	int failed;

	luaL_checkstring(L, 1);
	failed = push_object(L, 2);
	if (!failed)
		failed = lb_register(L, 1);
	return lb_finish(L, failed ? failed : 1);
}
