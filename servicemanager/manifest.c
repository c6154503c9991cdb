/* SPDX-License-Identifier: MIT */
/*
 * manifest.c: reads the file of manifest.h, and finds names in it.
 *
 * Called by main.c once and by declared.c for each question.
 */
#include "manifest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access.h"
#include "say.h"

struct manifest {
	struct declaration *entry;
	size_t count;
};

static void declaration_clear(struct declaration *entry)
{
	free(entry->name);
	free(entry->apex);
	free(entry->address);
}

void manifest_free(struct manifest *manifest)
{
	if (!manifest)
		return;
	for (size_t i = 0; i < manifest->count; i++)
		declaration_clear(&manifest->entry[i]);
	free(manifest->entry);
	free(manifest);
}

static const char *set(char **field, const char *value)
{
	if (*field)
		return "the same setting twice";
	if (!*value)
		return "a setting without a value";
	*field = strdup(value);
	return *field ? NULL : "out of memory";
}

static const char *set_address(struct declaration *entry, char *value)
{
	char *colon = strrchr(value, ':'), *end;
	unsigned long port;

	if (!colon || colon == value || !colon[1])
		return "expected address=HOST:PORT";
	errno = 0;
	port = strtoul(colon + 1, &end, 10);
	if (errno || *end || port < 1 || port > 65535)
		return "the port is not 1 to 65535";
	*colon = '\0';
	entry->port = port;
	return set(&entry->address, value);
}

static const char *parse_setting(struct declaration *entry, char *word)
{
	if (!strncmp(word, "apex=", 5))
		return set(&entry->apex, word + 5);
	if (!strncmp(word, "address=", 8))
		return set_address(entry, word + 8);
	return "expected NAME [apex=APEX] [address=HOST:PORT]";
}

/* NULL, or what is wrong with the line. */
static const char *parse_line(struct manifest *manifest, char *line)
{
	struct declaration entry = { 0 }, *grown;
	const char *wrong = NULL;
	char *save = NULL, *word;

	line[strcspn(line, "#\n")] = '\0';
	word = strtok_r(line, " \t\r", &save);
	if (!word)
		return NULL;
	if (!access_name_is_valid(word))
		return "the name is not 1 to 127 of A-Z a-z 0-9 _ . / -";
	if (manifest_find(manifest, word))
		return "the name stands there already";
	wrong = set(&entry.name, word);
	while (!wrong && (word = strtok_r(NULL, " \t\r", &save)))
		wrong = parse_setting(&entry, word);
	grown = wrong ? NULL : reallocarray(manifest->entry, manifest->count + 1, sizeof(*grown));
	if (!grown) {
		declaration_clear(&entry);
		return wrong ? wrong : "out of memory";
	}
	manifest->entry = grown;
	manifest->entry[manifest->count++] = entry;
	return NULL;
}

static int read_lines(struct manifest *manifest, FILE *file, const char *path)
{
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	int result = 0;

	while (getline(&line, &size, file) >= 0) {
		const char *wrong = parse_line(manifest, line);

		number++;
		if (wrong) {
			say("servicemanager: %s:%u: %s\n", path, number, wrong);
			result = -EINVAL;
		}
	}
	if (ferror(file)) {
		say("servicemanager: %s: cannot read the manifest: %s\n", path, strerror(errno));
		result = -EIO;
	}
	free(line);
	return result;
}

int manifest_load(const char *path, struct manifest **ret)
{
	FILE *file = fopen(path, "re");
	struct manifest *manifest;
	int result;

	if (!file) {
		result = -errno;
		say("servicemanager: %s: cannot open the manifest: %s\n", path, strerror(-result));
		return result;
	}
	manifest = calloc(1, sizeof(*manifest));
	result = manifest ? read_lines(manifest, file, path) : -ENOMEM;
	fclose(file);
	if (result < 0) {
		manifest_free(manifest);
		return result;
	}
	*ret = manifest;
	return 0;
}

const struct declaration *manifest_find(const struct manifest *manifest, const char *name)
{
	for (size_t i = 0; i < manifest_count(manifest); i++)
		if (!strcmp(manifest->entry[i].name, name))
			return &manifest->entry[i];
	return NULL;
}

size_t manifest_count(const struct manifest *manifest)
{
	return manifest ? manifest->count : 0;
}

const struct declaration *manifest_at(const struct manifest *manifest, size_t index)
{
	return &manifest->entry[index];
}
