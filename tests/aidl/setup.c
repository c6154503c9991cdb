/* SPDX-License-Identifier: MIT */
/*
 * setup.c: a library for each test, and questions that many tests ask.
 */
#include "aidl.h"

#include <stdlib.h>
#include <string.h>

struct aidl_library *library;

void library_up(void)
{
	library = aidl_library_new();
	ck_assert_ptr_nonnull(library);
}

void library_down(void)
{
	aidl_library_free(library);
}

TCase *library_case(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, library_up, library_down);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static const char *all_errors(void)
{
	static char *text;
	size_t size;
	FILE *out;

	free(text);
	out = open_memstream(&text, &size);
	for (const struct aidl_error *e = aidl_library_errors(library); e; e = e->next)
		aidl_error_print(e, out);
	fclose(out);
	return text;
}

const struct aidl_declaration *good(const char *text)
{
	const struct aidl_declaration *declaration = NULL;
	binder_status_t status =
		aidl_library_parse(library, "test.aidl", text, strlen(text), &declaration);

	ck_assert_msg(status == STATUS_OK, "%s", all_errors());
	ck_assert_ptr_nonnull(declaration);
	ck_assert(!declaration->broken);
	return declaration;
}

void prints(const char *text, const char *expected)
{
	const struct aidl_declaration *declaration = good(text);
	char *have;
	size_t size;
	FILE *out = open_memstream(&have, &size);

	aidl_declaration_print(declaration, out);
	fclose(out);
	ck_assert_str_eq(have, expected);
	free(have);
}

void bad(const char *text, unsigned line, unsigned column, const char *part)
{
	const struct aidl_declaration *declaration = NULL;
	const struct aidl_error *error;

	ck_assert_int_eq(aidl_library_parse(library, "test.aidl", text, strlen(text), &declaration),
			 STATUS_BAD_VALUE);
	error = aidl_library_errors(library);
	ck_assert_ptr_nonnull(error);
	ck_assert_msg(strstr(error->message, part), "%s", all_errors());
	ck_assert_msg(!error->next, "more than one: %s", all_errors());
	ck_assert_msg(error->line == line && error->column == column, "%s", all_errors());
}

unsigned errors_in(const char *text)
{
	const struct aidl_declaration *declaration = NULL;
	unsigned count = 0;

	aidl_library_parse(library, "test.aidl", text, strlen(text), &declaration);
	for (const struct aidl_error *e = aidl_library_errors(library); e; e = e->next)
		count++;
	return count;
}

struct aidl_value value_of(const char *type, const char *expression)
{
	const struct aidl_declaration *declaration;
	char text[1024];

	snprintf(text, sizeof(text), "parcelable P { const %s C = %s; const int ONE = 1; }", type,
		 expression);
	declaration = good(text);
	return declaration->constants->value;
}

void no_value(const char *type, const char *expression, const char *part)
{
	char text[1024];

	snprintf(text, sizeof(text), "parcelable P { const %s C = %s; }", type, expression);
	ck_assert_uint_eq(errors_in(text), 1);
	ck_assert_msg(strstr(aidl_library_errors(library)->message, part), "%s", all_errors());
}
