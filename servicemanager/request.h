/* SPDX-License-Identifier: MIT */
/*
 * request.h: one call of the service manager, and the pieces of its answer.
 *
 * service.c makes one for each call; the handlers in names.c, declared.c and
 * clients.c read and write through it.
 */
#ifndef SERVICEMANAGER_REQUEST_H
#define SERVICEMANAGER_REQUEST_H

#include <android/binder_parcel.h>
#include <android/binder_status.h>
#include <binder/ext.h>

#include "access.h"
#include "manifest.h"
#include "registry.h"
#include "connection/servicemanager_protocol.h"

struct clients;

struct service_manager {
	const struct servicemanager_protocol *protocol;
	struct registry *registry;
	struct clients *clients;
	const struct access_rules *rules;
	const struct manifest *manifest; /* NULL: none */
	bool verbose;
};

struct request {
	struct service_manager *manager;
	const AParcel *in;
	AParcel *out;
};

/* The status header that the reply starts with, where this version has one. */
binder_status_t reply_ok(const struct request *request);
/* A whole reply: an exception, or the -1 of the versions without. */
binder_status_t refuse(const struct request *request, binder_exception_t exception,
		       const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Errors of the registry in the words of AIDL. */
binder_status_t refuse_errno(const struct request *request, int error, const char *name);

/*
 * Reads the name that most methods start with.  True: *ret is the caller's to
 * free.  False: the reply is written, and its status is in *status.
 */
bool read_name(const struct request *request, char **ret, binder_status_t *status);
/* As read_name(), with the callback that follows; both are the caller's to release. */
bool read_name_and_callback(const struct request *request, char **name_ret, AIBinder **callback_ret,
			    binder_status_t *status);

/* A sized parcelable starts with 1 and its size, which is known only at its end. */
binder_status_t begin_parcelable(AParcel *out, int32_t *start);
binder_status_t end_parcelable(AParcel *out, int32_t start);

#endif
