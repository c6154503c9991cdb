/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * contents.c: what the files of binderfs hold: features, and the driver's logs.
 *
 * Called by open.c, probe.c and directory.c.  A daemon answers for one device at a time, where the
 * kernel's file shows all of them: the texts follow each other below the first one's headline.
 */
#include "preload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LOGS "binder_logs/"

struct gathered {
	const char *view;
	char *text;
	size_t size;
	int r; /* of the first device that failed */
};

/* The first line is the same for all devices; the two logs have none. */
static const char *below_headline(const char *view, const char *text)
{
	const char *end = strchr(text, '\n');

	return strstr(view, "_log") || !end ? text : end + 1;
}

static int append(struct gathered *all, const char *text)
{
	size_t size = strlen(text);
	char *grown = realloc(all->text, all->size + size + 1);

	if (!grown)
		return -ENOMEM;
	memcpy(grown + all->size, text, size + 1);
	all->text = grown;
	all->size += size;
	return 0;
}

static bool gather(const char *name, const char *socket, void *cookie)
{
	struct gathered *all = cookie;
	struct binder_client *client;
	char *text = NULL;
	int r = binder_client_open(socket, 0, &client);

	if (r == 0) {
		r = binder_client_view(client, all->view, 0, &text);
		binder_client_close(client);
	}
	if (r == 0)
		r = append(all, all->text ? below_headline(all->view, text) : text);
	free(text);
	if (!all->r)
		all->r = r;
	return true;
}

static int read_log(const char *view, char **ret)
{
	struct gathered all = { .view = view };
	bool is_process = binder_client_view_pid(view) != 0;

	preload_each_device(gather, &all);
	if (!all.text)
		return all.r == -ENOMEM ? -ENOMEM : all.r ? -EIO : -ENOENT;
	if (is_process && !strstr(all.text, "\nproc ")) {
		free(all.text);
		return -ENOENT;
	}
	*ret = all.text;
	return 0;
}

int preload_contents(const char *name, char **ret)
{
	if (!strncmp(name, LOGS, strlen(LOGS)))
		return read_log(name + strlen(LOGS), ret);
	*ret = strdup("1\n");
	return *ret ? 0 : -ENOMEM;
}

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

void preload_each_process(bool (*each)(int pid, void *cookie), void *cookie)
{
	char *text = NULL, *line;
	size_t count = 0, i = 0;
	int *pids;

	if (read_log("state", &text) < 0)
		return;
	for (line = text; (line = strstr(line, "\nproc ")); line++)
		count++;
	pids = calloc(count + 1, sizeof(*pids));
	for (line = text; pids && (line = strstr(line, "\nproc ")); line++)
		pids[i++] = atoi(line + strlen("\nproc "));
	if (pids)
		qsort(pids, count, sizeof(*pids), by_number);
	/* Once, however often a process has opened a device. */
	for (i = 0; pids && i < count; i++)
		if ((!i || pids[i] != pids[i - 1]) && !each(pids[i], cookie))
			break;
	free(pids);
	free(text);
}
