/* SPDX-License-Identifier: MIT */
/*
 * owner.c: which process an object lives in; see owner.h.
 *
 * The driver's text gives the references of this process ("ref 7: desc 3 node 5 ...") and, below
 * the line of each process that may be looked at, its nodes ("node 5: ...").
 */
#include "cli/verbs/owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct owned {
	uint32_t handle;
	int node;
	pid_t pid; /* 0: unknown */
};

struct owners {
	const char *context; /* the handles of other devices are other handles */
	struct owned *item;
	size_t count;
};

static bool add(struct owners *owners, uint32_t handle, int node)
{
	struct owned *grown = reallocarray(owners->item, owners->count + 1, sizeof(*grown));

	if (!grown)
		return false;
	owners->item = grown;
	grown[owners->count++] = (struct owned){ .handle = handle, .node = node };
	return true;
}

/* Calls each for the lines of a text that are about the context; changes the text. */
static bool each_line(char *text, bool (*each)(struct owners *owners, const char *line, pid_t pid),
		      struct owners *owners)
{
	char *save = NULL;
	int pid = 0;
	bool ok = true, is_here = false;

	for (char *line = strtok_r(text, "\n", &save); line && ok;
	     line = strtok_r(NULL, "\n", &save)) {
		sscanf(line, "proc %d", &pid);
		if (!strncmp(line, "context ", strlen("context ")))
			is_here = !strcmp(line + strlen("context "), owners->context);
		else if (is_here)
			ok = each(owners, line, pid);
	}
	return ok;
}

static bool take_ref(struct owners *owners, const char *line, pid_t pid)
{
	uint32_t handle;
	int node;

	return sscanf(line, " ref %*d: desc %u node %d", &handle, &node) != 2 ||
	       add(owners, handle, node);
}

static bool take_node(struct owners *owners, const char *line, pid_t pid)
{
	int node;

	if (sscanf(line, " node %d:", &node) != 1)
		return true;
	for (size_t i = 0; i < owners->count; i++)
		if (owners->item[i].node == node)
			owners->item[i].pid = pid;
	return true;
}

/* A connection does not see itself, so another one looks at the first. */
static bool read_all(ABinderConnection *connection, int timeout_ms, struct owners *owners)
{
	ABinderConnection *other = NULL;
	char view[32], *refs = NULL, *state = NULL;
	bool ok = false;

	if (ABinderConnection_openWithin(ABinderConnection_getDevice(connection), timeout_ms,
					 &other) != STATUS_OK)
		return false;
	ABinderConnection_setDeadline(other, timeout_ms);
	snprintf(view, sizeof(view), "proc/%d", (int)getpid());
	if (ABinderConnection_readView(other, view, &refs) == STATUS_OK &&
	    ABinderConnection_readView(other, "state", &state) == STATUS_OK)
		ok = each_line(refs, take_ref, owners) && each_line(state, take_node, owners);
	free(refs);
	free(state);
	ABinderConnection_close(other);
	return ok;
}

struct owners *owners_read(ABinderConnection *connection, int timeout_ms)
{
	const char *device = ABinderConnection_getDevice(connection), *slash = strrchr(device, '/');
	struct owners *owners = calloc(1, sizeof(*owners));

	if (owners)
		owners->context = slash ? slash + 1 : device;
	if (owners && read_all(connection, timeout_ms, owners))
		return owners;
	owners_free(owners);
	return NULL;
}

pid_t owners_find(const struct owners *owners, uint32_t handle)
{
	for (size_t i = 0; i < owners->count; i++)
		if (owners->item[i].handle == handle)
			return owners->item[i].pid;
	return 0;
}

void owners_free(struct owners *owners)
{
	if (!owners)
		return;
	free(owners->item);
	free(owners);
}
