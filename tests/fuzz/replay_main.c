/* SPDX-License-Identifier: MIT */
/*
 * replay_main.c: runs a harness over stored inputs, without libFuzzer.
 *
 * Linked instead of libFuzzer where there is no clang, and under sanitizers
 * that it does not have: NAME FILE-OR-FOLDER...  Says how many inputs ran.
 */
#include "input.h"

#include <dirent.h>
#include <sys/stat.h>

static unsigned long count;

static void run_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0, room = 0, n;

	if (!file) {
		perror(path);
		exit(2);
	}
	do {
		if (room - size < 4096) {
			room = room * 2 + 8192;
			data = realloc(data, room);
			if (!data)
				exit(2);
		}
		n = fread(data + size, 1, room - size, file);
		size += n;
	} while (n);
	fclose(file);
	/* At its exact size, so that one byte too many is noticed. */
	data = realloc(data, size ? size : 1);
	if (!data)
		exit(2);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	count++;
}

static void run_path(const char *path)
{
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	if (stat(path, &st) < 0) {
		perror(path);
		exit(2);
	}
	if (!S_ISDIR(st.st_mode)) {
		/* Which one it was, if this is the last. */
		if (getenv("FUZZ_VERBOSE"))
			fprintf(stderr, "%s\n", path);
		run_file(path);
		return;
	}
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		char inner[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		run_path(inner);
	}
	if (dir)
		closedir(dir);
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		if (argv[i][0] != '-')
			run_path(argv[i]);
	printf("%lu inputs\n", count);
	return 0;
}
