/* SPDX-License-Identifier: MIT */
/*
 * aidl.c: `binderctl aidl`, which checks AIDL files and makes C of them.
 *
 * Reading is libbinder's, C is made by aidl_c/; here are the command line and
 * the files.  All output is made before the first file is written, and a file
 * is complete when it appears under its name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <binder/aidl.h>

#include "cli/aidl_c/aidl_c.h"
#include "cli/errors.h"

struct job {
	struct invocation *invocation;
	struct aidl_library *library;
	const struct aidl_declaration **document; /* of each word */
	struct c_file *file;                      /* two of each */
};

/* ---- reading ---------------------------------------------------------------------------- */

static int show_errors(struct job *job)
{
	struct message message;
	FILE *out = message_begin(&message);
	int count = 0;

	for (const struct aidl_error *e = aidl_library_errors(job->library); e; e = e->next) {
		aidl_error_print(e, out);
		count++;
	}
	message_send(&message);
	return fail(job->invocation, EXIT_OTHER, NULL, "%d error%s; nothing was written", count,
		    count == 1 ? "" : "s");
}

static int load(struct job *job)
{
	struct invocation *invocation = job->invocation;
	const char *directory = NULL;
	bool wrong = false;

	while ((directory = option_next(invocation, "include", directory)))
		if (aidl_library_add_path(job->library, directory) != STATUS_OK)
			return fail(invocation, EXIT_OTHER, NULL, "out of memory");
	for (int i = 0; i < invocation->argc; i++) {
		binder_status_t status =
			aidl_library_load(job->library, invocation->argv[i], &job->document[i]);

		if (status == STATUS_NO_MEMORY)
			return fail(invocation, EXIT_OTHER, NULL, "out of memory");
		wrong |= status != STATUS_OK;
	}
	return wrong ? show_errors(job) : EXIT_OK;
}

/* ---- writing ------------------------------------------------------------------------------- */

/* Every folder on the way to a file. */
static int make_folders(const char *path)
{
	char *copy = strdup(path);
	int result = copy ? 0 : -1;

	for (char *s = copy ? strchr(copy + 1, '/') : NULL; s && !result; s = strchr(s + 1, '/')) {
		*s = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			result = -1;
		*s = '/';
	}
	free(copy);
	return result;
}

static int write_text(const char *path, const char *text, size_t size)
{
	FILE *out = fopen(path, "wx");
	int written;

	if (!out)
		return -1;
	written = fwrite(text, 1, size, out) == size;
	if (fclose(out) || !written) {
		int saved = errno;

		unlink(path);
		errno = saved;
		return -1;
	}
	return 0;
}

static int replace(const char *path, const struct c_file *file)
{
	char *temporary;
	int result;

	if (make_folders(path) < 0 || asprintf(&temporary, "%s.%d~", path, (int)getpid()) < 0)
		return -1;
	result = write_text(temporary, file->text, file->size);
	if (!result && rename(temporary, path) < 0) {
		int saved = errno;

		unlink(temporary);
		errno = saved;
		result = -1;
	}
	free(temporary);
	return result;
}

static int write_files(struct job *job)
{
	const char *out = option_value(job->invocation, "out");

	for (int i = 0; i < 2 * job->invocation->argc; i++) {
		const struct c_file *file = &job->file[i];
		char *path;

		if (asprintf(&path, "%s/%s", out ? out : ".", file->path) < 0)
			return fail(job->invocation, EXIT_OTHER, NULL, "out of memory");
		if (replace(path, file) < 0) {
			fail(job->invocation, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno));
			free(path);
			return EXIT_OTHER;
		}
		free(path);
	}
	return EXIT_OK;
}

/* ---- languages -------------------------------------------------------------------------------- */

static int make_c(struct job *job)
{
	bool wrong = false;

	for (int i = 0; i < job->invocation->argc; i++) {
		binder_status_t status = c_generate(job->library, job->document[i],
						    &job->file[2 * i], &job->file[2 * i + 1]);

		if (status == STATUS_NO_MEMORY)
			return fail(job->invocation, EXIT_OTHER, NULL, "out of memory");
		wrong |= status != STATUS_OK;
	}
	return wrong ? show_errors(job) : write_files(job);
}

static int print_aidl(struct job *job)
{
	const char *path = option_value(job->invocation, "out");
	FILE *out = path ? fopen(path, "w") : stdout;

	if (!out)
		return fail(job->invocation, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno));
	for (int i = 0; i < job->invocation->argc; i++) {
		const struct aidl_declaration *first = job->document[i];

		for (const struct aidl_declaration *d = first;
		     d && d->at.document == first->at.document;
		     d = aidl_library_next(job->library, d))
			aidl_declaration_print(d, out);
	}
	if (path && fclose(out))
		return fail(job->invocation, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno));
	return EXIT_OK;
}

static int run(struct job *job)
{
	const char *lang = option_value(job->invocation, "lang");
	int result = load(job);

	if (result != EXIT_OK || !lang || option_value(job->invocation, "check"))
		return result;
	return !strcmp(lang, "c") ? make_c(job) : print_aidl(job);
}

int verb_aidl(struct invocation *invocation)
{
	const char *lang = option_value(invocation, "lang");
	size_t count = (size_t)invocation->argc;
	struct job job = { .invocation = invocation };
	int result;

	if (lang && strcmp(lang, "c") != 0 && strcmp(lang, "aidl") != 0)
		return fail(invocation, EXIT_USAGE, "--lang=c",
			    "--lang: there is no language %s here", lang);
	job.library = aidl_library_new();
	job.document = calloc(count, sizeof(*job.document));
	job.file = calloc(2 * count, sizeof(*job.file));
	if (job.library && job.document && job.file)
		result = run(&job);
	else
		result = fail(invocation, EXIT_OTHER, NULL, "out of memory");
	for (size_t i = 0; job.file && i < 2 * count; i++)
		c_file_clear(&job.file[i]);
	free(job.file);
	free(job.document);
	aidl_library_free(job.library);
	return result;
}
