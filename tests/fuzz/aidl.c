/* SPDX-License-Identifier: MIT */
/*
 * aidl.c: any text as an AIDL file.
 *
 * What is right prints as text that is right again and prints the same; memory
 * runs out where the first bytes say.
 */
#include "input.h"

#include <binder/aidl.h>

static unsigned long allocations_left;

void *fuzz_calloc(size_t count, size_t size);

void *fuzz_calloc(size_t count, size_t size)
{
	if (!allocations_left)
		return NULL;
	allocations_left--;
	return calloc(count, size);
}

/* All that was declared, as text; NULL: it has errors. */
static char *print_again(const char *text, size_t size, size_t *ret)
{
	struct aidl_library *library = aidl_library_new();
	const struct aidl_declaration *declaration = NULL;
	char *printed = NULL;
	binder_status_t status;
	FILE *out;

	if (!library)
		return NULL;
	status = aidl_library_parse(library, "input", text, size, &declaration);
	FUZZ_EXPECT(status != STATUS_OK || !aidl_library_errors(library), "success with errors");
	FUZZ_EXPECT(status != STATUS_BAD_VALUE || aidl_library_errors(library),
		    "errors that are not said");
	out = open_memstream(&printed, ret);
	FUZZ_EXPECT(out, "no memory");
	for (const struct aidl_error *e = aidl_library_errors(library); e; e = e->next)
		aidl_error_print(e, out);
	rewind(out);
	declaration = NULL;
	while (status != STATUS_NO_MEMORY &&
	       (declaration = aidl_library_next(library, declaration)))
		aidl_declaration_print(declaration, out);
	fclose(out);
	aidl_library_free(library);
	if (status == STATUS_OK)
		return printed;
	free(printed);
	return NULL;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned limit = input_u8(&in);
	char *once, *twice;
	size_t length, again;

	allocations_left = limit & 0x80 ? limit & 0x7f : 100000;
	once = print_again((const char *)in.data, in.left, &length);
	allocations_left = 100000;
	if (!once)
		return 0;
	twice = print_again(once, length, &again);
	FUZZ_EXPECT(twice, "what was printed is not right");
	/* The shape of comments may change once. */
	FUZZ_EXPECT(memchr(data, '/', size) || !strcmp(once, twice), "it prints differently");
	free(once);
	free(twice);
	return 0;
}
