/* SPDX-License-Identifier: MIT */
/*
 * object.c: objects of this script: binder.serve(name, spec), binder.object(spec).
 *
 *	{ descriptor = "a.b.IFoo",
 *	  [1] = function(req, reply, ctx) ... end,	-- a handler per code
 *	  any = function(req, reply, ctx) ... end,	-- for all other codes
 *	  dump = function(args, file) return text end,
 *	  shell = function(args, files, ctx) return text, status end,
 *	  token = false,		-- do not check interface tokens
 *	  status = false }		-- replies do not begin with a status word
 *
 * The spec lives as long as anybody, here or elsewhere, holds the object.  Its
 * calls are served by host.c.
 */
#include <android/binder_stability.h>
#include <stdlib.h>
#include <string.h>

#include "aidl.h"
#include "queue.h"

struct object {
	struct lb_host host; /* libbinder's user data */
	struct lb_task release;
};

/* ---- the object's life ------------------------------------------------------------------ */

static void *on_create(void *host)
{
	return host;
}

static void free_object(struct object *object)
{
	lb_queue_put(object->host.queue);
	free(object);
}

static struct object *object_of(struct lb_task *task)
{
	return LB_CONTAINER(task, struct object, release);
}

static int run_release(lua_State *L)
{
	lb_unanchor(L, object_of(lua_touserdata(L, 1))->host.spec);
	return 0;
}

static void drop_release(struct lb_task *task)
{
	free_object(object_of(task));
}

/* On any thread, so the spec is let go of later. */
static void on_destroy(void *user_data)
{
	struct object *object = LB_CONTAINER(user_data, struct object, host);

	atomic_fetch_sub(&object->host.queue->hosts, 1);
	if (lb_queue_push(object->host.queue, &object->release))
		free_object(object); /* the state has ended, and the spec with it */
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
	found->class = AIBinder_Class_define(descriptor, on_create, on_destroy, lb_host_transact);
	if (!found->class) {
		free(found);
		found = NULL;
		goto out;
	}
	AIBinder_Class_setOnDump(found->class, lb_host_dump);
	AIBinder_Class_setHandleShellCommand(found->class, lb_host_shell);
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
		{ "dump", LUA_TFUNCTION },     { "shell", LUA_TFUNCTION },
		{ "token", LUA_TBOOLEAN },     { "status", LUA_TBOOLEAN },
		{ "stability", LUA_TSTRING },
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
				      "dump, shell, token, status, stability",
				      name ? name : luaL_typename(L, -2)));
}

static void (*mark_of(lua_State *L, int arg))(AIBinder *binder)
{
	static void (*const marks[])(AIBinder *) = { AIBinder_markSystemStability,
						     AIBinder_markVendorStability,
						     AIBinder_markVintfStability };
	static const char *const names[] = { "system", "vendor", "vintf" };
	void (*mark)(AIBinder *) = NULL;

	lua_pushliteral(L, "stability");
	if (lua_rawget(L, arg) == LUA_TSTRING) {
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (!strcmp(lua_tostring(L, -1), names[i]))
				mark = marks[i];
		if (!mark)
			luaL_argerror(L, arg,
				      "field 'stability': system, vendor or vintf expected");
	}
	lua_pop(L, 1);
	return mark;
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
	struct object *object;
	lua_Integer spec;
	const char *descriptor = "";
	void (*mark)(AIBinder * binder);
	bool token, status;
	int failed;

	luaL_checktype(L, arg, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1))
		check_field(L, arg);
	lua_pushliteral(L, "descriptor");
	if (lua_rawget(L, arg) == LUA_TSTRING)
		descriptor = lua_tostring(L, -1);
	token = flag(L, arg, "token");
	status = flag(L, arg, "status");
	mark = mark_of(L, arg);
	failed = lb_start_threads(L);
	if (failed)
		return failed;
	class = get_class(descriptor, token);
	if (!class)
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	lb_queue_release(L);
	service = lb_service_new(L);
	lb_service_set_descriptor(L, -1, descriptor);
	lua_pushvalue(L, arg);
	spec = lb_anchor(L);
	object = calloc(1, sizeof(*object));
	if (!object) {
		lb_unanchor(L, spec);
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	}
	object->host.queue = lb_queue_get(lb_queue_of(L));
	object->host.spec = spec;
	object->host.status = status;
	object->release =
		(struct lb_task){ .kind = LB_RELEASE, .begin = run_release, .drop = drop_release };
	atomic_fetch_add(&object->host.queue->hosts, 1);
	service->binder = AIBinder_new(class->class, &object->host);
	if (!service->binder) {
		on_destroy(&object->host);
		return lb_fail(L, STATUS_NO_MEMORY, LB_NO_MEMORY);
	}
	if (mark)
		mark(service->binder);
	return 0;
}

/* binder.object(spec), binder.object(interface, functions) */
int lb_object(lua_State *L)
{
	int failed;

	lb_aidl_take_functions(L, 1);
	failed = push_object(L, 1);
	return failed ? failed : lb_finish(L, 1);
}

/* binder.serve(name, spec), binder.serve(name, interface, functions) */
int lb_serve(lua_State *L)
{
	int failed;

	luaL_checkstring(L, 1);
	lb_aidl_take_functions(L, 2);
	lua_settop(L, 2);
	failed = push_object(L, 2);
	if (failed)
		return lb_finish(L, failed);
	lua_replace(L, 2); /* name, service: add()'s arguments */
	lua_settop(L, 2);
	return lb_keep(L);
}
