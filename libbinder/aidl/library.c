/* SPDX-License-Identifier: MIT */
/*
 * library.c: finds AIDL files, reads them, and takes them through the steps.
 *
 * The way in for users (aidl.h); hands on to parse.c, resolve.c and check.c.
 * Everything that a document needs is parsed before anything is resolved, and
 * resolved before anything is checked, so that imports may go in circles.
 */
#include "internal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Runs what follows with memory's end caught: if (!ENOUGH_MEMORY(library)) return ...; */
#define ENOUGH_MEMORY(library, jump) (!setjmp(*((library)->arena.no_memory = &(jump))))

struct aidl_library *aidl_library_new(void)
{
	struct aidl_library *library = calloc(1, sizeof(*library));

	if (!library)
		return NULL;
	library->last_directory = &library->directories;
	library->last_document = &library->documents;
	return library;
}

void aidl_library_free(struct aidl_library *library)
{
	if (!library)
		return;
	arena_free(&library->arena);
	free(library);
}

binder_status_t aidl_library_add_path(struct aidl_library *library, const char *directory)
{
	struct aidl_directory *new;
	jmp_buf no_memory;

	if (!ENOUGH_MEMORY(library, no_memory))
		return STATUS_NO_MEMORY;
	new = arena_new(&library->arena, struct aidl_directory);
	new->path = arena_text(&library->arena, directory, strlen(directory));
	*library->last_directory = new;
	library->last_directory = &new->next;
	return STATUS_OK;
}

binder_status_t aidl_library_set_android(struct aidl_library *library, const char *words)
{
	jmp_buf no_memory;

	if (!ENOUGH_MEMORY(library, no_memory))
		return STATUS_NO_MEMORY;
	library->android = arena_text(&library->arena, words, strlen(words));
	return STATUS_OK;
}

/* ---- reading ----------------------------------------------------------------------- */

static int read_all(int fd, char *text, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t got = read(fd, text + done, size - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return -EIO; /* it became shorter meanwhile */
		done += (size_t)got;
	}
	return 0;
}

struct file {
	const char *path, *text;
	bool preprocessed;
	size_t size;
	dev_t device;
	ino_t inode;
};

/* 0 or a negative errno; -EFBIG: larger than any AIDL file should be. */
static int read_file(struct arena *arena, struct file *file)
{
	struct stat status;
	char *text;
	int error;
	int fd;

	if (stat(file->path, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
	if (status.st_size > AIDL_MAX_FILE_SIZE)
		return -EFBIG;
	file->size = (size_t)status.st_size;
	file->device = status.st_dev;
	file->inode = status.st_ino;
	text = arena_take(arena, file->size + 1); /* before there is anything to close */
	fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	error = read_all(fd, text, file->size);
	close(fd);
	file->text = text;
	return error;
}

static struct aidl_document *add_document(struct aidl_library *library, const struct file *file)
{
	struct aidl_document *document = arena_new(&library->arena, struct aidl_document);

	document->path = arena_text(&library->arena, file->path, strlen(file->path));
	document->text = file->text;
	document->size = file->size;
	document->device = file->device;
	document->inode = file->inode;
	document->preprocessed = file->preprocessed;
	*library->last_document = document;
	library->last_document = &document->next;
	aidl_parse(library, document);
	if (library->checking)
		aidl_resolve(library, document);
	return document;
}

/* The same file, by whatever path; NULL: not read yet. */
static struct aidl_document *find_document(const struct aidl_library *library, const char *path)
{
	struct aidl_document *document = library->documents;
	struct stat status;

	if (stat(path, &status) < 0)
		return NULL;
	while (document && (document->inode != status.st_ino || document->device != status.st_dev))
		document = document->next;
	return document;
}

/* Until nothing new turns up. */
static void take_steps(struct aidl_library *library)
{
	for (struct aidl_document *d = library->documents; d; d = d->next)
		if (!d->resolved)
			aidl_resolve(library, d);
	library->checking = true;
	for (struct aidl_document *d = library->documents; d; d = d->next)
		if (!d->checked)
			aidl_check(library, d);
	library->checking = false;
}

/* ---- names --------------------------------------------------------------------------- */

static const struct aidl_declaration *named(const struct aidl_declaration *list, const char *name)
{
	for (const struct aidl_declaration *d = list; d; d = d->next) {
		size_t length = strlen(d->qualified);
		const struct aidl_declaration *nested;

		if (!strcmp(d->qualified, name))
			return d;
		if (strncmp(d->qualified, name, length) || name[length] != '.')
			continue;
		nested = named(d->nested, name);
		if (nested)
			return nested;
	}
	return NULL;
}

static const struct aidl_declaration *already_known(const struct aidl_library *library,
						    const char *name, bool preprocessed)
{
	for (const struct aidl_document *d = library->documents; d; d = d->next) {
		const struct aidl_declaration *found =
			d->preprocessed == preprocessed ? named(d->declarations, name) : NULL;

		if (found)
			return found;
	}
	return NULL;
}

/* DIRECTORY/a/b/C.aidl for a.b.C. */
static char *path_for(struct aidl_library *library, const char *directory, const char *name)
{
	char *path = arena_print(&library->arena, "%s/%s.aidl", directory, name);

	for (char *dot = path + strlen(directory) + 1; *dot; dot++)
		if (*dot == '.' && strcmp(dot, ".aidl") != 0)
			*dot = '/';
	return path;
}

/* The place of another file for the same name, in a later directory that somebody named; NULL. */
static const char *second_place(struct aidl_library *library, const struct aidl_directory *first,
				const char *path, const char *name)
{
	struct stat one, other;

	if (!library->one_place || first->beside || stat(path, &one) < 0)
		return NULL;
	for (const struct aidl_directory *d = first->next; d; d = d->next) {
		const char *second = path_for(library, d->path, name);

		if (!d->beside && stat(second, &other) == 0 && S_ISREG(other.st_mode) &&
		    (one.st_ino != other.st_ino || one.st_dev != other.st_dev))
			return second;
	}
	return NULL;
}

static bool read_for(struct aidl_library *library, const struct aidl_directory *directory,
		     const char *name)
{
	struct file file = { .path = path_for(library, directory->path, name) };
	const char *second;

	if (find_document(library, file.path) || read_file(&library->arena, &file) < 0)
		return false;
	second = second_place(library, directory, file.path, name);
	if (second)
		aidl_report(library, library->asking, (unsigned)strlen(name),
			    "leave out one of the directories", "%s is in two places: %s and %s",
			    name, file.path, second);
	add_document(library, &file);
	return true;
}

/* Letters, digits and _ with single dots between: what may become part of a path. */
static bool is_qualified_name(const char *name)
{
	bool inside = false;

	if (strlen(name) > 1000)
		return false;
	for (; *name; name++) {
		if (*name == '.' && !inside)
			return false;
		if (*name != '.' && !isalnum((unsigned char)*name) && *name != '_')
			return false;
		inside = *name != '.';
	}
	return inside;
}

const struct aidl_declaration *aidl_lookup(struct aidl_library *library, const char *name)
{
	const struct aidl_declaration *found = already_known(library, name, false);

	if (found || !is_qualified_name(name))
		return found;
	for (struct aidl_directory *d = library->directories; d; d = d->next) {
		char *outer = arena_text(&library->arena, name, strlen(name));

		/* a.b.Outer.Inner stands in a/b/Outer.aidl. */
		for (;;) {
			char *dot;

			if (read_for(library, d, outer)) {
				found = already_known(library, name, false);
				if (found)
					return found;
			}
			dot = strrchr(outer, '.');
			if (!dot)
				break;
			*dot = '\0';
		}
	}
	/* The declaration itself says more than a list of a platform's. */
	return already_known(library, name, true);
}

/* ---- the way in ------------------------------------------------------------------------- */

static binder_status_t status_of(int error)
{
	switch (error) {
	case -ENOENT:
	case -ENOTDIR:
		return STATUS_NAME_NOT_FOUND;
	case -EACCES:
	case -EPERM:
		return STATUS_PERMISSION_DENIED;
	default:
		return STATUS_BAD_VALUE;
	}
}

static binder_status_t finish(struct aidl_library *library, const struct aidl_document *document,
			      unsigned errors_before, const struct aidl_declaration **ret)
{
	take_steps(library);
	if (document->declarations)
		*ret = document->declarations;
	return library->error_count == errors_before ? STATUS_OK : STATUS_BAD_VALUE;
}

binder_status_t aidl_library_parse(struct aidl_library *library, const char *name, const char *text,
				   size_t size, const struct aidl_declaration **ret)
{
	unsigned errors = library->error_count;
	struct file file = { .path = name, .size = size };
	jmp_buf no_memory;

	if (!ENOUGH_MEMORY(library, no_memory))
		return STATUS_NO_MEMORY;
	if (size > AIDL_MAX_FILE_SIZE) {
		aidl_report(library, (struct aidl_position){ 0 }, 1, NULL, "%s: larger than %u MiB",
			    name, AIDL_MAX_FILE_SIZE >> 20);
		return STATUS_BAD_VALUE;
	}
	file.text = arena_text(&library->arena, text, size);
	return finish(library, add_document(library, &file), errors, ret);
}

/* DIR of DIR/com/example/IFoo.aidl that says "package com.example": what it imports is likely
 * to be there too. */
static void search_beside(struct aidl_library *library, const struct aidl_document *document)
{
	const char *slash = strrchr(document->path, '/');
	size_t length = slash ? (size_t)(slash - document->path) : 0;
	size_t package = strlen(document->package);
	struct aidl_directory *new = arena_new(&library->arena, struct aidl_directory);

	if (package) {
		const char *tail = document->path + length - package;

		if (length < package || (length > package && tail[-1] != '/'))
			return;
		for (size_t i = 0; i < package; i++)
			if (tail[i] != (document->package[i] == '.' ? '/' : document->package[i]))
				return;
		length -= package;
	}
	new->beside = true;
	new->path = length ? arena_text(&library->arena, document->path, length) : ".";
	if (!length && slash == document->path)
		new->path = "/";
	*library->last_directory = new;
	library->last_directory = &new->next;
}

/* file: its path and what it is. */
static binder_status_t load(struct aidl_library *library, struct file *file,
			    const struct aidl_declaration **ret)
{
	unsigned errors = library->error_count;
	struct aidl_document *document;
	jmp_buf no_memory;
	int error;

	if (!ENOUGH_MEMORY(library, no_memory))
		return STATUS_NO_MEMORY;
	document = find_document(library, file->path);
	if (document)
		return finish(library, document, errors, ret);
	error = read_file(&library->arena, file);
	if (error < 0) {
		aidl_report(library, (struct aidl_position){ 0 }, 1, NULL, "%s: %s", file->path,
			    strerror(-error));
		return status_of(error);
	}
	document = add_document(library, file);
	if (!file->preprocessed)
		search_beside(library, document);
	return finish(library, document, errors, ret);
}

binder_status_t aidl_library_load(struct aidl_library *library, const char *path,
				  const struct aidl_declaration **ret)
{
	struct file file = { .path = path };

	return load(library, &file, ret);
}

binder_status_t aidl_library_load_preprocessed(struct aidl_library *library, const char *path)
{
	struct file file = { .path = path, .preprocessed = true };
	const struct aidl_declaration *first;

	return load(library, &file, &first);
}

void aidl_library_refuse_duplicates(struct aidl_library *library)
{
	library->one_place = true;
}

static const struct aidl_declaration *by_descriptor(const struct aidl_declaration *list,
						    const char *descriptor)
{
	for (const struct aidl_declaration *d = list; d; d = d->next) {
		const struct aidl_declaration *nested = by_descriptor(d->nested, descriptor);

		if (nested)
			return nested;
		if (d->kind == AIDL_INTERFACE && !strcmp(d->descriptor, descriptor))
			return d;
	}
	return NULL;
}

static const struct aidl_declaration *find(struct aidl_library *library, const char *name)
{
	const struct aidl_declaration *found = NULL;

	for (struct aidl_document *d = library->documents; d && !found; d = d->next)
		found = by_descriptor(d->declarations, name);
	if (!found)
		found = aidl_lookup(library, name);
	take_steps(library);
	return found;
}

binder_status_t aidl_library_find(struct aidl_library *library, const char *name,
				  const struct aidl_declaration **ret)
{
	const unsigned errors = library->error_count;
	const struct aidl_declaration *found;
	jmp_buf no_memory;

	if (!ENOUGH_MEMORY(library, no_memory))
		return STATUS_NO_MEMORY;
	found = find(library, name);
	if (!found)
		return STATUS_NAME_NOT_FOUND;
	*ret = found;
	return library->error_count == errors ? STATUS_OK : STATUS_BAD_VALUE;
}

const struct aidl_declaration *aidl_library_next(const struct aidl_library *library,
						 const struct aidl_declaration *after)
{
	const struct aidl_document *document = library->documents;

	if (after && after->next)
		return after->next;
	if (after)
		document = after->at.document->next;
	while (document && !document->declarations)
		document = document->next;
	return document ? document->declarations : NULL;
}

const char *aidl_library_file(const struct aidl_library *library, size_t index)
{
	const struct aidl_document *document = library->documents;

	while (document && index--)
		document = document->next;
	return document ? document->path : NULL;
}
