/* SPDX-License-Identifier: MIT */
/*
 * host.c: serves the calls of objects that object.c has made.
 *
 * libbinder calls on a thread of its pool; the handler runs on the Lua thread,
 * in a strand.  What it throws becomes the reply's status, in place of what was
 * written.  A dump's text is written by the pool's thread.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parcel.h"
#include "queue.h"

/* ---- one call ------------------------------------------------------------------------- */

struct transaction {
	struct lb_call call;
	struct lb_host *host;
	transaction_code_t code;
	binder_flags_t flags;
	pid_t pid;
	uid_t uid;
	const AParcel *in;
	AParcel *out;
	lua_Integer lent; /* anchor of what follows; 0: no handler has begun */
	struct lb_parcel *request, *reply;
	binder_status_t status;
};

static struct transaction *transaction_of(lua_State *L)
{
	struct lb_task *task = lua_touserdata(L, 1);

	return LB_CONTAINER(LB_CONTAINER(task, struct lb_call, task), struct transaction, call);
}

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

static struct lb_parcel *lend(lua_State *L, const AParcel *parcel, bool request)
{
	struct lb_parcel *lent = lb_parcel_new(L);

	lent->lent = true;
	lent->request = request;
	lent->parcel = (AParcel *)(uintptr_t)parcel; /* read-only: see lb_parcel.request */
	return lent;
}

static binder_status_t write_status(AParcel *out, AStatus *status)
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

/* handler, request, reply, context */
static int begin_transaction(lua_State *L)
{
	struct transaction *transaction = transaction_of(L);
	struct lb_parcel *request, *reply;

	if (!push_handler(L, transaction)) {
		transaction->status = STATUS_UNKNOWN_TRANSACTION;
		return 0;
	}
	transaction->status = STATUS_NO_MEMORY;
	request = lend(L, transaction->in, true);
	reply = lend(L, transaction->out, false);
	push_context(L, transaction);
	/* The script may let go of them while the handler waits; end_transaction() closes them. */
	lua_createtable(L, 2, 0);
	lua_pushvalue(L, -4);
	lua_rawseti(L, -2, 1);
	lua_pushvalue(L, -3);
	lua_rawseti(L, -2, 2);
	transaction->lent = lb_anchor(L);
	transaction->request = request;
	transaction->reply = reply;
	if (transaction->host->status) {
		binder_status_t status = write_status(transaction->out, AStatus_newOk());

		if (status != STATUS_OK)
			return luaL_error(L, "the reply cannot be begun: %s",
					  ABinder_statusName(status));
	}
	/* What the caller gets if the handler ends the state. */
	transaction->status = STATUS_DEAD_OBJECT;
	return 4;
}

/* task, true or task, false, error, text */
static int end_transaction(lua_State *L)
{
	struct transaction *transaction = transaction_of(L);
	const bool failed = !lua_toboolean(L, 2);
	bool mistake;

	if (transaction->lent) {
		lb_unanchor(L, transaction->lent);
		/* Because the script may have kept them. */
		lb_parcel_close(transaction->request);
		lb_parcel_close(transaction->reply);
	}
	if (!failed) {
		if (transaction->lent)
			transaction->status = STATUS_OK;
		return 0;
	}
	/* An exception is an answer; anything else is a mistake that the script must hear of. */
	mistake = !lb_is_exception(L, 3);
	if (transaction->host->status)
		transaction->status = write_status(
			transaction->out, mistake ? lb_error_to_status(L, 3) : lb_to_status(L, 3));
	else
		transaction->status = STATUS_FAILED_TRANSACTION;
	return mistake ? lua_error(L) : 0;
}

/* On a thread of the pool. */
binder_status_t lb_host_transact(AIBinder *binder, transaction_code_t code, const AParcel *in,
				 AParcel *out)
{
	struct lb_host *host = AIBinder_getUserData(binder);
	struct transaction transaction = {
		.call.task = { .begin = begin_transaction, .end = end_transaction },
		.host = host,
		.code = code,
		.in = in,
		.out = out,
		.flags = AIBinder_getCallingFlags(),
		.pid = AIBinder_getCallingPid(),
		.uid = AIBinder_getCallingUid(),
		.status = STATUS_DEAD_OBJECT,
	};

	if (lb_queue_call(host->queue, &transaction.call))
		return STATUS_DEAD_OBJECT;
	return transaction.status;
}

/* ---- one dump -------------------------------------------------------------------------- */

struct dump {
	struct lb_call call;
	struct lb_host *host;
	int fd;
	const char **args;
	uint32_t arg_count;
	lua_Integer file; /* its anchor; 0: no dump function runs */
	char *text;       /* malloc()ed; written by the waiting thread */
	size_t size;
	binder_status_t status;
};

static struct dump *dump_of(lua_State *L)
{
	struct lb_task *task = lua_touserdata(L, 1);

	return LB_CONTAINER(LB_CONTAINER(task, struct lb_call, task), struct dump, call);
}

/* function, args, file */
static int begin_dump(lua_State *L)
{
	struct dump *dump = dump_of(L);
	luaL_Stream *file;

	lb_push_anchored(L, dump->host->spec);
	if (!lua_istable(L, -1))
		return 0;
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
	dump->file = lb_anchor(L);
	return 3;
}

/* task, true, text or task, false, error, text */
static int end_dump(lua_State *L)
{
	struct dump *dump = dump_of(L);
	const bool failed = !lua_toboolean(L, 2);
	const char *text = lua_type(L, 3) == LUA_TSTRING ? lua_tolstring(L, 3, &dump->size) : NULL;

	if (dump->file) {
		lb_push_anchored(L, dump->file);
		lb_unanchor(L, dump->file);
		lb_file_close(lua_touserdata(L, -1));
		lua_pop(L, 1);
	}
	if (text) {
		if (failed)
			dump->size = strcspn(text, "\n");
		dump->text = malloc(dump->size + 1);
		if (!dump->text) {
			dump->status = STATUS_NO_MEMORY;
		} else {
			memcpy(dump->text, text, dump->size);
			dump->text[dump->size] = '\n';
			dump->size += failed;
		}
	}
	return failed && !lb_is_exception(L, 3) ? lua_error(L) : 0;
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
binder_status_t lb_host_dump(AIBinder *binder, int fd, const char **args, uint32_t arg_count)
{
	struct lb_host *host = AIBinder_getUserData(binder);
	struct dump dump = {
		.call.task = { .begin = begin_dump, .end = end_dump },
		.host = host,
		.fd = fd,
		.args = args,
		.arg_count = arg_count,
	};

	if (lb_queue_call(host->queue, &dump.call))
		return STATUS_DEAD_OBJECT;
	if (dump.text)
		write_text(fd, dump.text, dump.size);
	free(dump.text);
	return dump.status;
}
