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
	ck_assert(!d->broken); /* g() can be called */

	file("Bar.aidl", "parcelable Bar { Nope x; int y; }");
	ck_assert_int_eq(aidl_library_find(library, "Bar", &d), STATUS_BAD_VALUE);
	ck_assert(d->broken);
}
END_TEST

/* One in each of two directories; which of them is read depends on nothing but their order. */
static const struct aidl_error *load_twofold(void)
{
	const struct aidl_declaration *d;

	file("a/p/Foo.aidl", "package p; parcelable Foo { int x; }");
	file("b/p/Foo.aidl", "package p; parcelable Foo { long x; }");
	file("c/IBar.aidl", "import p.Foo; interface IBar { void f(in Foo f); }");
	aidl_library_add_path(library, path_of("a"));
	aidl_library_add_path(library, path_of("b"));
	aidl_library_load(library, path_of("c/IBar.aidl"), &d);
	return aidl_library_errors(library);
}

START_TEST(a_type_in_two_directories_is_refused_where_that_is_asked_for)
{
	const struct aidl_error *error;

	aidl_library_refuse_duplicates(library);
	error = load_twofold();
	ck_assert_ptr_nonnull(error);
	ck_assert_ptr_nonnull(strstr(error->message, "p.Foo is in two places"));
	ck_assert_ptr_nonnull(strstr(error->message, "b/p/Foo.aidl"));
	ck_assert_uint_eq(error->line, 1);
	ck_assert_uint_eq(error->column, 8);
	ck_assert_ptr_null(error->next);
}
END_TEST

START_TEST(the_first_directory_goes_before_otherwise)
{
	ck_assert_ptr_null(load_twofold());
}
END_TEST

START_TEST(one_file_by_two_paths_is_one)
{
	const struct aidl_declaration *d;

	file("a/p/Foo.aidl", "package p; parcelable Foo { int x; }");
	file("a/p/IBar.aidl", "package p; import p.Foo; interface IBar { void f(in Foo f); }");
	ck_assert_int_eq(symlink("a", path_of("b")), 0);
	aidl_library_refuse_duplicates(library);
	aidl_library_add_path(library, path_of("b"));
	aidl_library_add_path(library, path_of("a"));
	ck_assert_int_eq(aidl_library_load(library, path_of("a/p/IBar.aidl"), &d), STATUS_OK);
}
END_TEST

START_TEST(types_of_a_platform_need_no_file_and_no_import)
{
	static const char list[] =
		"parcelable android.os.Bundle;\n"
		"parcelable android.os.ParcelFileDescriptor;\n" /* AIDL has it itself */
		"parcelable a.b.Outer.Inner cpp_header \"x.h\";\n"
		"structured_parcelable a.b.Old;\n"
		"interface a.b.ICallback;\n"
		"parcelable a.b.New { const int X = 1; enum E { A } }\n"
		"@Backing(type=\"int\") enum a.b.Kind { ONE = 1, TWO = 2 }\n"
		"union a.b.Either { }\n"
		"interface a.b.IWhole { const int Y = 2; }\n";
	const struct aidl_declaration *d;

	file("framework.aidl", list);
	file("IApp.aidl",
	     "import a.b.Old; import a.b.Kind;\n"
	     "interface IApp { const int Z = a.b.New.X + a.b.IWhole.Y;\n"
	     "void f(in Bundle b, in a.b.Outer.Inner i, in Old o, in a.b.New n, in Either e);\n"
	     "void g(a.b.ICallback c, a.b.IWhole w, Kind k, in ParcelFileDescriptor p); }");
	ck_assert_int_eq(aidl_library_load_preprocessed(library, path_of("framework.aidl")),
			 STATUS_OK);
	ck_assert_int_eq(aidl_library_load(library, path_of("IApp.aidl"), &d), STATUS_OK);
	ck_assert_int_eq(d->constants->value.integer, 3);
	for (const struct aidl_field *a = d->methods->arguments; a; a = a->next)
		ck_assert_int_eq(a->type->kind, AIDL_OPAQUE);
	d = aidl_method_find(d, "g")->arguments->type->declaration;
	ck_assert_int_eq(d->kind, AIDL_INTERFACE);
	ck_assert(d->by_name);
	ck_assert_str_eq(d->qualified, "a.b.ICallback");
}
END_TEST

START_TEST(a_file_goes_before_what_a_platform_lists)
{
	const struct aidl_declaration *d;

	file("framework.aidl", "parcelable p.Foo;\n");
	file("p/Foo.aidl", "package p; parcelable Foo { int x; }");
	file("IBar.aidl", "import p.Foo; interface IBar { void f(in Foo f); }");
	ck_assert_int_eq(aidl_library_load_preprocessed(library, path_of("framework.aidl")),
			 STATUS_OK);
	ck_assert_int_eq(aidl_library_load(library, path_of("IBar.aidl"), &d), STATUS_OK);
	ck_assert_int_eq(d->methods->arguments->type->kind, AIDL_PARCELABLE);
}
END_TEST

START_TEST(names_of_java_need_no_file)
{
	good("import android.os.IInterface; import android.os.Parcelable; import android.os.Parcel;"
	     "import android.content.Context; import java.lang.String; import java.util.List;"
	     "import java.lang.CharSequence; import android.os.RemoteException;"
	     "interface I { void f(in List<String> s); }");
}
END_TEST

START_TEST(a_missing_import_breaks_what_needs_it)
{
	const struct aidl_declaration *d;

	file("IFoo.aidl",
	     "import a.Gone; interface IFoo { void f(in Gone g); Gone g(); int h(); }");
	aidl_library_add_path(library, folder);
	ck_assert_int_eq(aidl_library_find(library, "IFoo", &d), STATUS_BAD_VALUE);
	ck_assert(!d->broken);
	ck_assert_int_eq(aidl_method_find(d, "f")->arguments->type->kind, AIDL_UNKNOWN);
	ck_assert_uint_eq(aidl_method_find(d, "h")->code, 3);
	ck_assert_ptr_null(aidl_library_errors(library)->next);
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
	tcase_add_test(tcase, a_type_in_two_directories_is_refused_where_that_is_asked_for);
	tcase_add_test(tcase, the_first_directory_goes_before_otherwise);
	tcase_add_test(tcase, one_file_by_two_paths_is_one);
	tcase_add_test(tcase, types_of_a_platform_need_no_file_and_no_import);
	tcase_add_test(tcase, a_file_goes_before_what_a_platform_lists);
	tcase_add_test(tcase, names_of_java_need_no_file);
	tcase_add_test(tcase, a_missing_import_breaks_what_needs_it);
	tcase_add_test(tcase, a_file_is_read_once_by_whatever_path);
	tcase_add_test(tcase, missing_file_is_said);
	tcase_add_test(tcase, directory_is_no_file);
	tcase_add_test(tcase, next_walks_all_that_was_read);
	return suite;
}
