/* SPDX-License-Identifier: MIT */
/*
 * detect.c: finds out which Android a service manager is of, by questions that
 * change nothing.
 *
 * Called by the parcel and the service-manager client on the first use of a
 * connection; hands on to transact.c.
 *
 * getServiceDebugInfo is the last method of every version that has it, and
 * takes no arguments.  Asked for by its code in the newest version first, it
 * is either there or "unknown code"; so no other method of a known version is
 * ever called, and one of a version to come would fail for want of arguments.
 * A manager that refuses the header itself is an older one: it is asked for a
 * name, with each of the older headers, and (to tell 8 from 9) for its first.
 */
#include "detect.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "proxy.h"
#include "connection/servicemanager_protocol.h"
#include "transact.h"

/* A manager that hangs must not hang who only reads a parcel. */
#define PATIENCE_MS 5000

enum answer {
	ANSWER_YES,     /* the call was carried out, or refused by an exception */
	ANSWER_UNKNOWN, /* no such code */
	ANSWER_REFUSED, /* the header does not fit, or the call failed in there */
	ANSWER_NONE,    /* nobody is there */
	ANSWER_LATE,    /* it hangs */
};

/* Questions are asked in the dialect that they are about; their waiting may serve calls. */
static __thread bool asking;

static enum answer answer_of(binder_status_t status)
{
	switch (status) {
	case STATUS_OK:
		return ANSWER_YES;
	case STATUS_UNKNOWN_TRANSACTION:
		return ANSWER_UNKNOWN;
	case STATUS_DEAD_OBJECT:
	case STATUS_FAILED_TRANSACTION:
	case STATUS_NO_MEMORY:
		return ANSWER_NONE;
	case STATUS_TIMED_OUT:
		return ANSWER_LATE;
	default:
		return ANSWER_REFUSED;
	}
}

struct interview {
	ABinderConnection *conn;
	AIBinder *manager;
	int timeout_ms;
	enum answer last;
};

struct question {
	const struct profile *profile; /* whose header */
	enum servicemanager_method method;
	const char *name;     /* argument, or NULL */
	const int32_t *index; /* argument, or NULL */
};

/* *reply_ret (or NULL) is the reply, if there is one, for the caller to delete. */
static enum answer ask_for_reply(struct interview *talk, const struct question *question,
				 AParcel **reply_ret)
{
	AParcel *in = parcel_new(talk->conn), *out = NULL;
	binder_status_t status = in ? STATUS_OK : STATUS_NO_MEMORY;
	uint32_t code = servicemanager_code(question->profile->servicemanager, question->method);

	if (!status)
		status = parcel_write_token(in, question->profile, SERVICEMANAGER_DESCRIPTOR);
	if (!status && question->name)
		status = parcel_write_string16(in, question->name, strlen(question->name));
	if (!status && question->index)
		status = parcel_write_int32(in, *question->index);
	if (status)
		parcel_delete(in);
	else
		status = transact(talk->manager, code, &in, &out, 0, talk->timeout_ms);
	if (reply_ret)
		*reply_ret = out;
	else
		parcel_delete(out);
	talk->last = answer_of(status);
	return talk->last;
}

static enum answer ask(struct interview *talk, const struct question *question)
{
	return ask_for_reply(talk, question, NULL);
}

static enum answer ask_for_manager(struct interview *talk, const struct profile *profile)
{
	struct question question = {
		.profile = profile,
		.method = SM_CHECK_SERVICE,
		.name = "manager",
	};

	return ask(talk, &question);
}

/* Two of 15 differ in nothing but a Service's binder: whether a word 1 is before it, behind the
 * status, the 1 of the union and its tag. */
static bool has_metadata(struct interview *talk, const struct profile *profile)
{
	struct question question = {
		.profile = profile,
		.method = SM_CHECK_SERVICE,
		.name = "manager",
	};
	AParcel *reply = NULL;
	int32_t word = 0;
	binder_status_t status = STATUS_OK;

	ask_for_reply(talk, &question, &reply);
	for (int i = 0; reply && i < 4 && status == STATUS_OK; i++)
		status = parcel_read_int32(reply, &word);
	parcel_delete(reply);
	return status == STATUS_OK && word == 1;
}

/* Of those with an AIDL interface.  NULL: of none. */
static const struct profile *find_aidl(struct interview *talk)
{
	const struct profile *profile;

	for (size_t i = 0; (profile = profile_at(i)) && profile->header == HEADER_TAG; i++) {
		struct question question = {
			.profile = profile,
			.method = SM_GET_SERVICE_DEBUG_INFO,
		};
		enum answer answer;

		/* The oldest has no such method, but knows the names as the rest do. */
		if (servicemanager_code(profile->servicemanager, SM_GET_SERVICE_DEBUG_INFO))
			answer = ask(talk, &question);
		else
			answer = ask_for_manager(talk, profile);
		if (answer == ANSWER_YES && profile->servicemanager->check_gives_union &&
		    profile->servicemanager->has_metadata && !has_metadata(talk, profile))
			return profile_at(i + 1);
		if (answer == ANSWER_YES)
			return profile;
		if (answer != ANSWER_UNKNOWN)
			return NULL;
	}
	return NULL;
}

static const struct profile *find_legacy(struct interview *talk)
{
	static const int32_t first;
	const struct profile *profile;

	for (size_t i = 0; (profile = profile_at(i)); i++) {
		const struct profile *older = profile_at(i + 1);
		/* Without priorities: a manager that knows them then lists nothing. */
		struct question question = {
			.profile = older,
			.method = SM_LIST_SERVICES,
			.index = &first,
		};

		if (profile->header == HEADER_TAG || ask_for_manager(talk, profile) != ANSWER_YES)
			continue;
		if (older && older->header == profile->header && ask(talk, &question) == ANSWER_YES)
			return older;
		return profile;
	}
	return NULL;
}

static const struct profile *find(struct interview *talk)
{
	const struct profile *profile = NULL;

	if (connection_check(talk->conn) || proxy_get_manager(talk->conn, &talk->manager))
		return NULL;
	profile = find_aidl(talk);
	if (!profile && talk->last == ANSWER_REFUSED)
		profile = find_legacy(talk);
	AIBinder_decStrong(talk->manager);
	return profile;
}

binder_status_t detect_ask(ABinderConnection *conn, int timeout_ms)
{
	struct interview talk = { .conn = conn, .timeout_ms = timeout_ms };
	const struct profile *none = NULL, *found;
	struct error earlier;

	if (asking || atomic_load_explicit(&conn->profile, memory_order_acquire))
		return STATUS_OK;
	/* An earlier failure stays the last one. */
	error_save(&earlier);
	asking = true;
	found = find(&talk);
	asking = false;
	error_restore(&earlier);
	if (found)
		atomic_compare_exchange_strong(&conn->profile, &none, found);
	else
		atomic_store(&conn->undetected, true);
	return talk.last == ANSWER_LATE ? STATUS_TIMED_OUT : STATUS_OK;
}

static void detect(ABinderConnection *conn)
{
	detect_ask(conn, PATIENCE_MS);
}

__attribute__((constructor)) static void know_detection(void)
{
	connection_detect = detect;
}
