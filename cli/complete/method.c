/* SPDX-License-Identifier: MIT */
/*
 * method.c: what may follow `call SERVICE`, from the service's AIDL.
 *
 * Silent about anything that fails, as complete.c is.
 */
#include "cli/complete/method.h"

#include <stdlib.h>
#include <string.h>

#include "cli/complete/value.h"
#include "cli/interface.h"
#include "cli/session.h"

#define PROMPT_MS 1000

struct prompt {
	ABinderConnection *connection;
	AIBinder *service;
	char *descriptor; /* malloc()ed */
	struct aidl_library *library;
	const struct aidl_declaration *interface;
};

static void leave(struct prompt *prompt)
{
	aidl_library_free(prompt->library);
	free(prompt->descriptor);
	AIBinder_decStrong(prompt->service);
	ABinderConnection_close(prompt->connection);
}

static bool enter(struct prompt *prompt, const struct completion *completion, const char *service)
{
	binder_status_t status;

	if (ABinderConnection_openWithin(completion->device, PROMPT_MS, &prompt->connection) !=
	    STATUS_OK)
		return false;
	status = !strcmp(service, "manager") ?
			 ABinderConnection_getContextManager(prompt->connection, &prompt->service) :
			 AServiceManager_checkOn(prompt->connection, service, &prompt->service);
	if (status == STATUS_OK)
		status = session_descriptor(prompt->service, PROMPT_MS, &prompt->descriptor);
	if (status == STATUS_OK)
		prompt->library = aidl_library_new();
	if (!prompt->library ||
	    interface_usual_paths(prompt->library, prompt->connection) != STATUS_OK)
		return false;
	aidl_library_find(prompt->library, prompt->descriptor, &prompt->interface);
	return prompt->interface && prompt->interface->kind == AIDL_INTERFACE;
}

/* Does one of the words say NAME=? */
static bool is_named(const struct aidl_field *argument, const char *const *words, int count)
{
	size_t length = strlen(argument->name);

	for (int i = 2; i < count; i++)
		if (!strncmp(words[i], argument->name, length) && words[i][length] == '=')
			return true;
	return false;
}

/* The argument that a word at this place is for: words are service, method, arguments so far. */
static const struct aidl_field *argument_at(const struct aidl_method *method,
					    const char *const *words, int count, const char *word)
{
	const struct aidl_field *argument;
	int before = 0;

	for (argument = method->arguments; argument; argument = argument->next)
		if (is_named(argument, (const char *const[]){ "", "", word }, 3))
			return argument;
	for (int i = 2; i < count; i++) {
		bool named = false;

		for (argument = method->arguments; argument; argument = argument->next)
			named |= is_named(argument, (const char *const[]){ "", "", words[i] }, 3);
		before += !named;
	}
	for (argument = method->arguments; argument; argument = argument->next)
		if ((argument->direction & AIDL_IN) && !is_named(argument, words, count) &&
		    before-- == 0)
			return argument;
	return NULL;
}

static void offer_values(const struct completion *completion, const struct aidl_field *argument,
			 const char *word, const char *before)
{
	const struct aidl_type *type = argument->type;
	const char *value = word + strlen(before);
	char front[160];

	if (type->kind == AIDL_BOOLEAN) {
		offer_candidate(completion, "true", word, before, "");
		offer_candidate(completion, "false", word, before, "");
	}
	for (const struct aidl_constant *c =
		     type->kind == AIDL_ENUM ? type->declaration->constants : NULL;
	     c; c = c->next)
		offer_candidate(completion, c->name, word, before, "");
	if (type->kind == AIDL_IBINDER || type->kind == AIDL_INTERFACE)
		complete_services(completion, word, before);
	if (type->kind == AIDL_FILE_DESCRIPTOR || type->kind == AIDL_PARCEL_FILE_DESCRIPTOR)
		complete_files(completion, word, before);
	if (type->kind == AIDL_ARRAY && type->element->kind == AIDL_BYTE) {
		snprintf(front, sizeof(front), "%sbytes:@", before);
		if (!strncmp(value, "bytes:@", 7))
			complete_files(completion, word, front);
		else
			offer_candidate(completion, "bytes:", word, before, "");
	}
	if (type->nullable)
		offer_candidate(completion, "null", word, before, "");
}

static void offer_arguments(const struct completion *completion, const struct aidl_method *method,
			    const char *const *words, int count, const char *word)
{
	const struct aidl_field *next = argument_at(method, words, count, word);
	char name[128];

	if (next) {
		snprintf(name, sizeof(name), "%s=", next->name);
		offer_values(completion, next, word,
			     !strncmp(word, name, strlen(name)) ? name : "");
	}
	for (const struct aidl_field *a = method->arguments; a; a = a->next)
		if ((a->direction & AIDL_IN) && !is_named(a, words, count))
			offer_candidate(completion, a->name, word, "", "=");
}

bool complete_method(const struct completion *completion, const char *const *words, int count,
		     const char *word)
{
	struct prompt prompt = { 0 };
	bool known = enter(&prompt, completion, words[0]);
	const struct aidl_method *method = NULL;

	if (known && count == 1)
		for (const struct aidl_method *m = prompt.interface->methods; m; m = m->next)
			offer_candidate(completion, m->name, word, "", "");
	if (known && count > 1) {
		method = aidl_method_find(prompt.interface, words[1]);
		known = method != NULL;
	}
	if (method)
		offer_arguments(completion, method, words, count, word);
	leave(&prompt);
	return known;
}

void complete_hint(const struct completion *completion, const char *const *words, int count,
		   const char *word)
{
	struct prompt prompt = { 0 };
	const struct aidl_method *method = NULL;
	const struct aidl_field *argument;

	if (count > 1 && enter(&prompt, completion, words[0]))
		method = aidl_method_find(prompt.interface, words[1]);
	if (method) {
		argument = argument_at(method, words, count, word);
		if (argument) {
			printf("%s: ", argument->name);
			aidl_type_print(argument->type, prompt.interface, stdout);
			fputs(", in ", stdout);
		}
		aidl_method_print(method, prompt.interface, stdout);
		putchar('\n');
	}
	leave(&prompt);
}
