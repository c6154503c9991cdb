/* SPDX-License-Identifier: MIT */
/*
 * host.c: serves the calls of objects that object.c has made.
 *
 * libbinder calls on a thread of its pool; the handler runs on the Lua thread,
 * in a strand.  What it throws becomes the reply's status, in place of what was
 * written.  host_file.c has dumps and shell commands.
 */
#include <string.h>

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
