/* SPDX-License-Identifier: MIT */
/*
 * library_test.c: files, directories and imports.
 */
#include "aidl.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void folder_up(void)
{
	library_up();
	strcpy(folder, "/tmp/aidl-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void folder_down(void)
{
	char command[128];

	library_down();
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void file(const char *name, const char *text)
{
	const char *path = path_of(name);
	FILE *out;

	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	out = fopen(path, "w");
	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

START_TEST(imports_are_found_beside_the_package)
{
	const struct aidl_declaration *d;

	file("a/b/IFoo.aidl", "package a.b; import a.c.Bar; interface IFoo { Bar f(); }");
	file("a/c/Bar.aidl", "package a.c; parcelable Bar { int x; }");
	ck_assert_int_eq(aidl_library_load(library, path_of("a/b/IFoo.aidl"), &d), STATUS_OK);
	ck_assert_str_eq(d->methods->returns->name, "a.c.Bar");
}
END_TEST

START_TEST(imports_are_found_in_the_given_directories)
{
	const struct aidl_declaration *d;

	file("one/IFoo.aidl", "import c.Bar; interface IFoo { Bar f(); }");
	file("two/c/Bar.aidl", "package c; parcelable Bar { int x; }");
	ck_assert_int_eq(aidl_library_add_path(library, path_of("two")), STATUS_OK);
	ck_assert_int_eq(aidl_library_load(library, path_of("one/IFoo.aidl"), &d), STATUS_OK);
}
END_TEST

START_TEST(the_same_package_needs_no_import)
{
	const struct aidl_declaration *d;

	file("a/IFoo.aidl", "package a; interface IFoo { Bar f(); }");
	file("a/Bar.aidl", "package a; parcelable Bar { int x; }");
	ck_assert_int_eq(aidl_library_load(library, path_of("a/IFoo.aidl"), &d), STATUS_OK);
}
END_TEST

START_TEST(imports_may_go_in_circles)
{
	const struct aidl_declaration *d;

	file("a/IA.aidl", "package a; import a.IB; interface IA { const int N = IB.N; IB f(); }");
	file("a/IB.aidl", "package a; import a.IA; interface IB { const int N = 4; IA g(); }");
	ck_assert_int_eq(aidl_library_load(library, path_of("a/IA.aidl"), &d), STATUS_OK);
	ck_assert_int_eq(d->constants->value.integer, 4);
}
END_TEST

START_TEST(find_loads_by_descriptor)
{
	const struct aidl_declaration *d;

	file("a/IFoo.aidl", "package a; interface IFoo { interface IIn { void f(); } }");
	aidl_library_add_path(library, folder);
	ck_assert_int_eq(aidl_library_find(library, "a.IFoo.IIn", &d), STATUS_OK);
	ck_assert_str_eq(d->descriptor, "a.IFoo.IIn");
}
END_TEST

START_TEST(find_says_when_there_is_none)
{
	const struct aidl_declaration *d = NULL;

	aidl_library_add_path(library, folder);
	ck_assert_int_eq(aidl_library_find(library, "a.INope", &d), STATUS_NAME_NOT_FOUND);
	ck_assert_ptr_null(d);
}
END_TEST

START_TEST(find_never_leaves_its_directories)
{
	const struct aidl_declaration *d = NULL;

	file("IFoo.aidl", "interface IFoo { }");
	file("in/x", "");
	aidl_library_add_path(library, path_of("in"));
	ck_assert_int_eq(aidl_library_find(library, "../IFoo", &d), STATUS_NAME_NOT_FOUND);
	ck_assert_int_eq(aidl_library_find(library, "..IFoo", &d), STATUS_NAME_NOT_FOUND);
}
END_TEST

START_TEST(find_shows_a_broken_one_too)
{
	const struct aidl_declaration *d = NULL;

	file("IFoo.aidl", "interface IFoo { Nope f(); void g(); }");
	aidl_library_add_path(library, folder);
	ck_assert_int_eq(aidl_library_find(library, "IFoo", &d), STATUS_BAD_VALUE);
	ck_assert_ptr_nonnull(d);
	ck_assert(d->broken);
}
END_TEST

START_TEST(a_file_is_read_once_by_whatever_path)
{
	const struct aidl_declaration *a, *b;
	char other[256];

	file("IFoo.aidl", "interface IFoo { }");
	ck_assert_int_eq(aidl_library_load(library, path_of("IFoo.aidl"), &a), STATUS_OK);
	snprintf(other, sizeof(other), "%s/./IFoo.aidl", folder);
	ck_assert_int_eq(aidl_library_load(library, other, &b), STATUS_OK);
	ck_assert_ptr_eq(a, b);
}
END_TEST

START_TEST(missing_file_is_said)
{
	const struct aidl_declaration *d;

	ck_assert_int_eq(aidl_library_load(library, path_of("no.aidl"), &d), STATUS_NAME_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(aidl_library_errors(library)->message, "No such file"));
}
END_TEST

START_TEST(directory_is_no_file)
{
	const struct aidl_declaration *d;

	ck_assert_int_eq(aidl_library_load(library, folder, &d), STATUS_BAD_VALUE);
	ck_assert_ptr_nonnull(strstr(aidl_library_errors(library)->message, "directory"));
}
END_TEST

START_TEST(next_walks_all_that_was_read)
{
	const struct aidl_declaration *d = NULL;
	unsigned count = 0;

	good("parcelable A { } parcelable B { }");
	good("parcelable C { }");
	while ((d = aidl_library_next(library, d)))
		count++;
	ck_assert_uint_eq(count, 3);
}
END_TEST

Suite *library_suite(void)
{
	Suite *suite = suite_create("aidl-library");
	TCase *tcase = tcase_create("library");

	tcase_add_checked_fixture(tcase, folder_up, folder_down);
	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, imports_are_found_beside_the_package);
	tcase_add_test(tcase, imports_are_found_in_the_given_directories);
	tcase_add_test(tcase, the_same_package_needs_no_import);
	tcase_add_test(tcase, imports_may_go_in_circles);
	tcase_add_test(tcase, find_loads_by_descriptor);
	tcase_add_test(tcase, find_says_when_there_is_none);
	tcase_add_test(tcase, find_never_leaves_its_directories);
	tcase_add_test(tcase, find_shows_a_broken_one_too);
	tcase_add_test(tcase, a_file_is_read_once_by_whatever_path);
	tcase_add_test(tcase, missing_file_is_said);
	tcase_add_test(tcase, directory_is_no_file);
	tcase_add_test(tcase, next_walks_all_that_was_read);
	return suite;
}
