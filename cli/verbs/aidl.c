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
	const struct arguments *arguments;
	struct aidl_library *library;
	/* Of each word, and behind them what the C of those includes. */
	const struct aidl_declaration **document;
	int documents;
	struct c_file *file; /* two of each */
	struct c_options options;
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
	return fail(job->arguments, EXIT_OTHER, NULL, "%d error%s; nothing was written", count,
		    count == 1 ? "" : "s");
}

static int load(struct job *job)
{
	const struct arguments *arguments = job->arguments;
	const char *directory = NULL, *list = NULL;
	bool wrong = false;

	aidl_library_refuse_duplicates(job->library);
	while ((directory = option_next(arguments, "include", directory)))
		if (aidl_library_add_path(job->library, directory) != STATUS_OK)
			return fail(arguments, EXIT_OTHER, NULL, "out of memory");
	while ((list = option_next(arguments, "preprocessed", list)))
		wrong |= aidl_library_load_preprocessed(job->library, list) != STATUS_OK;
	for (int i = 0; i < arguments->argc; i++) {
		binder_status_t status =
			aidl_library_load(job->library, arguments->argv[i], &job->document[i]);

		if (status == STATUS_NO_MEMORY)
			return fail(arguments, EXIT_OTHER, NULL, "out of memory");
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
	const char *out = option_value(job->arguments, "out");

	for (int i = 0; i < 2 * job->documents; i++) {
		const struct c_file *file = &job->file[i];
		char *path;

		if (asprintf(&path, "%s/%s", out ? out : ".", file->path) < 0)
			return fail(job->arguments, EXIT_OTHER, NULL, "out of memory");
		if (replace(path, file) < 0) {
			fail(job->arguments, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno));
			free(path);
			return EXIT_OTHER;
		}
		free(path);
	}
	return EXIT_OK;
}

/* file: two inputs; from what it was made, as make reads it. */
static int write_dependencies(struct job *job)
{
	const char *path = option_value(job->arguments, "dep");
	const char *out = option_value(job->arguments, "out"), *input;
	struct c_file file = { 0 };
	FILE *text = path ? open_memstream(&file.text, &file.size) : NULL;
	int result;

	if (!path)
		return EXIT_OK;
	if (!text)
		return fail(job->arguments, EXIT_OTHER, NULL, "out of memory");
	for (int i = 0; i < 2 * job->documents; i++)
		fprintf(text, "%s%s/%s", i ? " \\\n  " : "", out ? out : ".", job->file[i].path);
	putc(':', text);
	for (size_t i = 0; (input = aidl_library_file(job->library, i)); i++)
		fprintf(text, " \\\n  %s", input);
	putc('\n', text);
	/* A file that is gone must not stop make. */
	for (size_t i = 0; (input = aidl_library_file(job->library, i)); i++)
		fprintf(text, "%s:\n", input);
	fclose(text);
	result = replace(path, &file);
	free(file.text);
	return result < 0 ?
		       fail(job->arguments, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno)) :
		       EXIT_OK;
}

/* ---- languages -------------------------------------------------------------------------------- */

/* -1: no memory. */
static int add_document(struct job *job, const struct aidl_declaration *first)
{
	size_t count = (size_t)job->documents;
	const struct aidl_declaration **document;
	struct c_file *file;

	for (size_t i = 0; i < count; i++)
		if (job->document[i] == first)
			return 0;
	document = reallocarray(job->document, count + 1, sizeof(*document));
	if (!document)
		return -1;
	job->document = document;
	file = reallocarray(job->file, 2 * (count + 1), sizeof(*file));
	if (!file)
		return -1;
	job->file = file;
	memset(&file[2 * count], 0, 2 * sizeof(*file));
	document[job->documents++] = first;
	return 0;
}

static binder_status_t make_one(struct job *job, int i)
{
	struct c_needs needs = { 0 };
	binder_status_t status = c_generate(job->library, &job->options, job->document[i],
					    &job->file[2 * i], &job->file[2 * i + 1], &needs);

	for (size_t n = 0; n < needs.count && status == STATUS_OK; n++)
		if (add_document(job, needs.item[n]) < 0)
			status = STATUS_NO_MEMORY;
	free(needs.item);
	return status;
}

/* Nobody who named one file should have to find out from a compiler which others it needs. */
static void tell_others(const struct job *job)
{
	for (int i = job->arguments->argc; i < job->documents; i++)
		fprintf(stderr, "%s%s%s", i == job->arguments->argc ? "also made: " : ", ",
			job->file[2 * i + 1].path, i == job->documents - 1 ? "\n" : "");
}

static int make_c(struct job *job)
{
	bool wrong = !c_check_names(job->library, &job->options);
	int result;

	for (int i = 0; i < job->documents; i++) {
		binder_status_t status = make_one(job, i);

		if (status == STATUS_NO_MEMORY)
			return fail(job->arguments, EXIT_OTHER, NULL, "out of memory");
		wrong |= status != STATUS_OK;
	}
	if (wrong)
		return show_errors(job);
	result = write_files(job);
	if (result == EXIT_OK)
		result = write_dependencies(job);
	if (result == EXIT_OK)
		tell_others(job);
	return result;
}

static int print_aidl(struct job *job)
{
	const char *path = option_value(job->arguments, "out");
	FILE *out = path ? fopen(path, "w") : stdout;

	if (!out)
		return fail(job->arguments, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno));
	for (int i = 0; i < job->arguments->argc; i++)
		aidl_document_print(job->library, job->document[i], out);
	if (path && fclose(out))
		return fail(job->arguments, EXIT_OTHER, NULL, "%s: %s", path, strerror(errno));
	return EXIT_OK;
}

static int run(struct job *job)
{
	const char *lang = option_value(job->arguments, "lang");
	int result = load(job);

	if (result != EXIT_OK || !lang || option_value(job->arguments, "check"))
		return result;
	return !strcmp(lang, "c") ? make_c(job) : print_aidl(job);
}

/* The same word may be given twice. */
static int take_prefixes(struct job *job)
{
	const char *prefix = NULL, **list;

	while ((prefix = option_next(job->arguments, "prefix", prefix))) {
		list = reallocarray((void *)(uintptr_t)job->options.prefix,
				    job->options.prefixes + 1, sizeof(*list));
		if (!list)
			return fail(job->arguments, EXIT_OTHER, NULL, "out of memory");
		list[job->options.prefixes++] = prefix;
		job->options.prefix = list;
	}
	return EXIT_OK;
}

static int run_aidl(struct session *session, const struct arguments *arguments, struct sink *sink)
{
	const char *lang = option_value(arguments, "lang");
	struct job job = { .arguments = arguments, .documents = arguments->argc };
	size_t count = (size_t)arguments->argc;
	int result;

	if (lang && strcmp(lang, "c") != 0 && strcmp(lang, "aidl") != 0)
		return fail(arguments, EXIT_USAGE, "--lang=c",
			    "--lang: there is no language %s here", lang);
	job.library = aidl_library_new();
	job.document = calloc(count, sizeof(*job.document));
	job.file = calloc(2 * count, sizeof(*job.file));
	if (job.library && job.document && job.file)
		result = take_prefixes(&job);
	else
		result = fail(arguments, EXIT_OTHER, NULL, "out of memory");
	if (result == EXIT_OK)
		result = run(&job);
	for (int i = 0; job.file && i < 2 * job.documents; i++)
		c_file_clear(&job.file[i]);
	free((void *)(uintptr_t)job.options.prefix);
	free(job.file);
	free(job.document);
	aidl_library_free(job.library);
	return result;
}

static const struct option_spec aidl_options[] = {
	{ "lang", 0, "LANG", "output: c, or aidl (formats the file)" },
	{ "check", 0, NULL, "only report errors" },
	{ "include", 'I', "DIR", "look for imports here; may be given many times" },
	{ "preprocessed", 'p', "FILE",
	  "declared types of a platform, such as the SDK's framework.aidl" },
	{ "prefix", 0, "PREFIX",
	  "c: prefix of type names: a word, \"package\", or PACKAGE=PREFIX" },
	{ "dep", 0, "FILE", "c: write dependencies for make" },
	{ "out", 'o', "DIR", "where to write (c: default \".\"; aidl: standard output)" },
	{ 0 },
};

const struct verb verb_aidl = {
	.name = "aidl",
	.arguments = "FILE.aidl...",
	.summary = "check AIDL files, or generate C",
	.details =
		"--lang=c writes DIR/com/example/IFoo.h and .c for com.example.IFoo: types, a proxy\n"
		"and a stub for the NDK's API (binder-aidl(7)).  --lang=aidl formats the file.\n"
		"Otherwise, and with --check, it shows only errors.  It reads imported files, and writes\n"
		"C for those that the output includes.  If there is an error, it writes nothing.\n"
		"Exit status 1: an error in a file, or a file that could not be read or written.",
	.example = "binderctl aidl --lang=c -I aidl -o generated aidl/com/example/IFoo.aidl",
	.options = aidl_options,
	.min_words = 1,
	.max_words = -1,
	.words_are_files = true,
	.run = run_aidl,
};
