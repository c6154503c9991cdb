/* SPDX-License-Identifier: MIT */
/*
 * parse_test.c: what AIDL's texts mean, and where errors in them are.
 */
#include "aidl.h"

#include <stdlib.h>
#include <string.h>

START_TEST(interface_prints_as_itself)
{
	prints("package a.b; interface IFoo { int add(int a, int b); void hit(); }",
	       "interface IFoo {\n"
	       "    int add(int a, int b) = 0;\n"
	       "    void hit() = 1;\n"
	       "}\n");
}
END_TEST

START_TEST(codes_begin_at_one_in_order)
{
	const struct aidl_declaration *d = good("interface I { void a(); void b(); void c(); }");

	ck_assert_uint_eq(aidl_method_find(d, "a")->code, 1);
	ck_assert_uint_eq(aidl_method_find(d, "c")->code, 3);
	ck_assert_str_eq(aidl_method_by_code(d, 2)->name, "b");
	ck_assert_ptr_null(aidl_method_by_code(d, 4));
}
END_TEST

START_TEST(written_numbers_count_from_the_first_code)
{
	const struct aidl_declaration *d =
		good("interface I { const int N = 8; void a() = 10; void b() = N + 1; }");

	ck_assert_uint_eq(aidl_method_find(d, "a")->code, 11);
	ck_assert_uint_eq(aidl_method_find(d, "b")->code, 10);
}
END_TEST

START_TEST(descriptor_is_package_and_name)
{
	ck_assert_str_eq(good("package a.b; interface IFoo { }")->descriptor, "a.b.IFoo");
}
END_TEST

START_TEST(descriptor_annotation_replaces_it)
{
	const struct aidl_declaration *d =
		good("package a; @Descriptor(value=\"x.IOld\") interface INew { }");

	ck_assert_str_eq(d->descriptor, "x.IOld");
	ck_assert_str_eq(d->qualified, "a.INew");
}
END_TEST

START_TEST(directions_are_kept)
{
	const struct aidl_field *a =
		good("interface I { void f(in int[] a, out int[] b, inout int[] c, int d); }")
			->methods->arguments;

	ck_assert_int_eq(a->direction, AIDL_IN);
	ck_assert_int_eq(a->next->direction, AIDL_OUT);
	ck_assert_int_eq(a->next->next->direction, AIDL_INOUT);
	ck_assert_int_eq(a->next->next->next->direction, AIDL_IN);
}
END_TEST

START_TEST(oneway_interface_makes_its_methods_oneway)
{
	ck_assert(good("oneway interface I { void f(); }")->methods->oneway);
}
END_TEST

START_TEST(oneway_method_stands_alone)
{
	const struct aidl_declaration *d = good("interface I { oneway void f(); void g(); }");

	ck_assert(d->methods->oneway);
	ck_assert(!d->methods->next->oneway);
}
END_TEST

START_TEST(nullable_array_holds_nullable_elements)
{
	const struct aidl_type *t =
		good("parcelable P { @nullable String[] s; @nullable int[] i; }")->fields->type;

	ck_assert(t->nullable);
	ck_assert(t->element->nullable);
}
END_TEST

START_TEST(nullable_array_of_ints_holds_ints)
{
	const struct aidl_type *t = good("parcelable P { @nullable int[] i; }")->fields->type;

	ck_assert(t->nullable);
	ck_assert(!t->element->nullable);
}
END_TEST

START_TEST(fixed_arrays_have_their_sizes_from_the_outside_in)
{
	const struct aidl_type *t =
		good("parcelable P { const int N = 2; int[N][3] m; }")->fields->type;

	ck_assert_int_eq(t->size, 2);
	ck_assert_int_eq(t->element->size, 3);
	ck_assert_int_eq(t->element->element->kind, AIDL_INT);
}
END_TEST

START_TEST(lists_nest_without_a_blank)
{
	prints("parcelable P { List<List<String>> l; }",
	       "parcelable P {\n    List<List<String>> l;\n}\n");
}
END_TEST

START_TEST(enum_counts_on)
{
	prints("@Backing(type=\"int\") enum E { A, B = 5, C, D = B, }",
	       "@Backing(type=\"int\")\nenum E {\n    A = 0,\n    B = 5,\n    C = 6,\n    D = 5,\n}\n");
}
END_TEST

START_TEST(union_has_fields)
{
	const struct aidl_declaration *d = good("union U { int a; String b = \"x\"; }");

	ck_assert_int_eq(d->kind, AIDL_UNION);
	ck_assert_str_eq(aidl_field_find(d, "b")->value.string, "x");
}
END_TEST

START_TEST(nested_types_are_found_from_inside)
{
	const struct aidl_declaration *d =
		good("interface I { parcelable In { E e; } enum E { X } void f(in In i); }");

	ck_assert_str_eq(d->methods->arguments->type->name, "I.In");
	ck_assert_ptr_eq(d->nested->fields->type->declaration, d->nested->next);
}
END_TEST

START_TEST(type_parameters_are_types)
{
	const struct aidl_declaration *d = good("parcelable Box<T> { T t; } ");

	ck_assert_int_eq(d->fields->type->kind, AIDL_TYPE_PARAMETER);
}
END_TEST

START_TEST(parcelable_without_body_is_opaque)
{
	ck_assert_int_eq(good("package a; parcelable B cpp_header \"b.h\";")->kind, AIDL_OPAQUE);
}
END_TEST

START_TEST(headers_of_an_opaque_parcelable_are_kept)
{
	const struct aidl_declaration *d = good("package a; parcelable B cpp_header \"b.h\" "
						"ndk_header \"n/b.h\" rust_type \"b::B\";");

	ck_assert_str_eq(d->cpp_header, "b.h");
	ck_assert_str_eq(d->ndk_header, "n/b.h");
	ck_assert_ptr_null(good("package a; parcelable C;")->ndk_header);
}
END_TEST

START_TEST(opaque_parcelables_may_have_names_with_dots)
{
	const struct aidl_declaration *d =
		good("package a; parcelable B.C; parcelable B.D.E cpp_header \"e.h\"; "
		     "interface I { void f(in B.C c, in B.D.E e); }");
	const struct aidl_field *a = d->next->methods->arguments;

	ck_assert_str_eq(a->type->name, "a.B.C");
	ck_assert_str_eq(a->next->type->name, "a.B.D.E");
	ck_assert_str_eq(a->next->type->declaration->cpp_header, "e.h");
	ck_assert_ptr_eq(a->type->declaration->outer, d);
	prints("parcelable B.C; parcelable B.D.E;", "parcelable B.C;\nparcelable B.D.E;\n");
	bad("parcelable B.C { int x; }", 1, 16, "expected ';'");
}
END_TEST

START_TEST(union_has_a_tag_without_saying_so)
{
	const struct aidl_declaration *d = good("parcelable P { U.Tag t; U.Tag[] more; } "
						"union U { int a; String b; }");
	const struct aidl_declaration *tag = d->fields->type->declaration;

	ck_assert_str_eq(d->fields->type->name, "U.Tag");
	ck_assert_int_eq(tag->backing->kind, AIDL_INT);
	ck_assert_int_eq(aidl_constant_find(tag, "b")->value.integer, 1);
	prints("union U { int a; @nullable U.Tag[] b; }",
	       "union U {\n    int a;\n    @nullable Tag[] b;\n}\n");
}
END_TEST

START_TEST(value_of_an_annotation_needs_no_name)
{
	const struct aidl_method *m =
		good("interface I { @EnforcePermission(\"INTERNET\") void f(); }")->methods;

	ck_assert_str_eq(aidl_annotation_value(m->annotations, "value")->string, "INTERNET");
}
END_TEST

START_TEST(what_may_be_null_may_have_a_default)
{
	prints("parcelable P { @nullable String[2] s = {\"a\", \"b\"}; }",
	       "parcelable P {\n    @nullable String[2] s = {\"a\", \"b\"};\n}\n");
}
END_TEST

START_TEST(type_parameters_may_be_numbers_and_arrays)
{
	good("parcelable P { Box<int> i; Box<byte[]> b; Map<String, int[]> m; } "
	     "parcelable Box<T> { T t; @nullable T u; }");
}
END_TEST

START_TEST(long_names_of_builtin_types_are_known)
{
	const struct aidl_field *f = good("import android.os.IBinder; parcelable P { IBinder a; "
					  "java.util.List<String> b; }")
					     ->fields;

	ck_assert_int_eq(f->type->kind, AIDL_IBINDER);
	ck_assert_int_eq(f->next->type->kind, AIDL_LIST);
}
END_TEST

START_TEST(doc_comment_belongs_to_what_follows)
{
	const struct aidl_declaration *d = good("/**\n * All.\n *\n * Of it. */\n@VintfStability\n"
						"interface I {\n/** one */ void f();\n"
						"/* none */ void g(); }");

	ck_assert_str_eq(d->comment, "All.\n\nOf it.");
	ck_assert_str_eq(d->methods->comment, "one");
	ck_assert_ptr_null(d->methods->next->comment);
	ck_assert(d->vintf);
}
END_TEST

START_TEST(error_names_line_and_column)
{
	bad("interface I {\n\tvoid f(;\n}", 2, 9, "expected a type, found ';'");
}
END_TEST

START_TEST(columns_count_characters)
{
	bad("/* \xc3\xa4\xc3\xb6 */ interface I { int f; }", 1, 29, "expected '('");
}
END_TEST

START_TEST(one_run_shows_many_errors)
{
	ck_assert_uint_eq(errors_in("interface I { void f(; int g(int); X h(); void i() }"), 4);
}
END_TEST

START_TEST(end_of_file_in_a_declaration_is_said)
{
	bad("interface I { void f();", 1, 24, "but the file ends");
}
END_TEST

START_TEST(keyword_is_no_name)
{
	bad("interface I { void interface(); }", 1, 20, "the name of the method");
}
END_TEST

START_TEST(open_comment_is_said)
{
	bad("interface I { } /* and", 1, 17, "this comment has no end");
}
END_TEST

START_TEST(open_string_is_said)
{
	ck_assert_uint_ge(errors_in("parcelable P { String s = \"abc; }"), 1);
	ck_assert_ptr_nonnull(strstr(aidl_library_errors(library)->message, "closing \""));
}
END_TEST

START_TEST(bytes_outside_ascii_are_said_once)
{
	bad("interface I { } \xc3\xa4", 1, 17, "unexpected byte 0xc3");
}
END_TEST

static char *repeated(const char *before, const char *middle, const char *after, unsigned count)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (unsigned i = 0; i < count; i++)
		fputs(before, out);
	fputs(middle, out);
	for (unsigned i = 0; i < count; i++)
		fputs(after, out);
	fclose(out);
	return text;
}

START_TEST(deep_nesting_is_an_error_and_no_crash)
{
	static const char *const shapes[][3] = {
		{ "parcelable P { ", "", "}" },
		{ "parcelable P { List<", "String", "> x; }" },
		{ "parcelable P { const int C = (", "1", "); }" },
		{ "parcelable P { const int C = -", "1", "; }" },
		{ "parcelable P { int[] a = {", "1", "}; }" },
		{ "parcelable P { int[1]", "[1]", "[1] x; }" },
		{ "parcelable P { const int C = 1+", "1", "+1; }" },
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const char *last = strrchr(shapes[i][0], ' ') + 1;
		char *inside = repeated(*last ? last : shapes[i][0], shapes[i][1],
					*last ? "" : shapes[i][2], 100000);
		char *text = *last ? malloc(strlen(inside) + 100) : strdup(inside);

		if (*last)
			sprintf(text, "%.*s%s%s", (int)(last - shapes[i][0]), shapes[i][0], inside,
				shapes[i][2]);
		ck_assert_uint_ge(errors_in(text), 1);
		free(text);
		free(inside);
		library_down();
		library_up();
	}
}
END_TEST

START_TEST(at_most_a_hundred_errors_are_kept)
{
	char *text = repeated("parcelable P { int x }", "", "", 1000);

	ck_assert_uint_eq(errors_in(text), 100);
	free(text);
}
END_TEST

START_TEST(printed_errors_hold_no_control_bytes)
{
	const char text[] = "interface I { \x1b[31m void f(); }";
	const struct aidl_declaration *declaration;
	char *have;
	size_t size;
	FILE *out = open_memstream(&have, &size);

	aidl_library_parse(library, "a\x1b.aidl", text, sizeof(text) - 1, &declaration);
	for (const struct aidl_error *e = aidl_library_errors(library); e; e = e->next)
		aidl_error_print(e, out);
	fclose(out);
	ck_assert_ptr_null(strchr(have, '\x1b'));
	free(have);
}
END_TEST

START_TEST(interface_inside_may_be_oneway)
{
	const struct aidl_declaration *d =
		good("interface I { oneway interface ICallback { void tick(int n); }"
		     " oneway void f(in ICallback c); void g(); }");

	ck_assert(d->nested->oneway);
	ck_assert(d->nested->methods->oneway);
	ck_assert(d->methods->oneway);
	ck_assert(!d->methods->next->oneway);
}
END_TEST

START_TEST(annotation_value_needs_no_name)
{
	const struct aidl_declaration *d =
		good("@JavaSuppressLint({\"a\", \"b\"}) interface I { const String S = \"s\";"
		     " @JavaPassthrough(\"@x.Y\") @SuppressWarnings(value={\"c\"}) void f();"
		     " @JavaPassthrough(S) void g(); }");
	const struct aidl_value *value = aidl_annotation_value(d->annotations, "value");

	ck_assert_int_eq(value->kind, AIDL_VALUE_ARRAY);
	ck_assert_uint_eq(value->count, 2);
	value = aidl_annotation_value(d->methods->annotations, "annotation");
	ck_assert_str_eq(value->string, "@x.Y");
	value = aidl_annotation_value(d->methods->next->annotations, "annotation");
	ck_assert_str_eq(value->string, "s");
}
END_TEST

START_TEST(annotations_stand_on_both_sides)
{
	const struct aidl_declaration *d =
		good("interface I { @UnsupportedAppUsage oneway @PropagateAllowBlocking void f();"
		     " @UnsupportedAppUsage const @nullable String S = \"\";"
		     " void g(@UnsupportedAppUsage in @nullable String s); }");

	ck_assert_ptr_nonnull(aidl_annotation_find(d->methods->annotations, "UnsupportedAppUsage"));
	ck_assert_ptr_nonnull(
		aidl_annotation_find(d->methods->annotations, "PropagateAllowBlocking"));
	ck_assert(d->constants->type->nullable);
	ck_assert(d->methods->next->arguments->type->nullable);
}
END_TEST

START_TEST(tag_of_another_union_may_be_spelt_in_full)
{
	good("package a.b; union U { int i = 1; String s; } "
	     "parcelable P { a.b.U.Tag t = a.b.U.Tag.s; }");
}
END_TEST

START_TEST(interface_may_be_known_by_name_alone)
{
	const struct aidl_declaration *d = good("interface I; interface J { void f(I i); }");

	ck_assert_int_eq(d->kind, AIDL_INTERFACE);
	ck_assert(d->by_name);
}
END_TEST

Suite *parse_suite(void)
{
	Suite *suite = suite_create("aidl-parse");
	TCase *tcase = library_case(suite, "parse");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, interface_prints_as_itself);
	tcase_add_test(tcase, codes_begin_at_one_in_order);
	tcase_add_test(tcase, written_numbers_count_from_the_first_code);
	tcase_add_test(tcase, descriptor_is_package_and_name);
	tcase_add_test(tcase, descriptor_annotation_replaces_it);
	tcase_add_test(tcase, directions_are_kept);
	tcase_add_test(tcase, oneway_interface_makes_its_methods_oneway);
	tcase_add_test(tcase, oneway_method_stands_alone);
	tcase_add_test(tcase, nullable_array_holds_nullable_elements);
	tcase_add_test(tcase, nullable_array_of_ints_holds_ints);
	tcase_add_test(tcase, fixed_arrays_have_their_sizes_from_the_outside_in);
	tcase_add_test(tcase, lists_nest_without_a_blank);
	tcase_add_test(tcase, enum_counts_on);
	tcase_add_test(tcase, union_has_fields);
	tcase_add_test(tcase, nested_types_are_found_from_inside);
	tcase_add_test(tcase, type_parameters_are_types);
	tcase_add_test(tcase, parcelable_without_body_is_opaque);
	tcase_add_test(tcase, union_has_a_tag_without_saying_so);
	tcase_add_test(tcase, value_of_an_annotation_needs_no_name);
	tcase_add_test(tcase, what_may_be_null_may_have_a_default);
	tcase_add_test(tcase, type_parameters_may_be_numbers_and_arrays);
	tcase_add_test(tcase, headers_of_an_opaque_parcelable_are_kept);
	tcase_add_test(tcase, opaque_parcelables_may_have_names_with_dots);
	tcase_add_test(tcase, long_names_of_builtin_types_are_known);
	tcase_add_test(tcase, doc_comment_belongs_to_what_follows);
	tcase_add_test(tcase, error_names_line_and_column);
	tcase_add_test(tcase, columns_count_characters);
	tcase_add_test(tcase, one_run_shows_many_errors);
	tcase_add_test(tcase, end_of_file_in_a_declaration_is_said);
	tcase_add_test(tcase, keyword_is_no_name);
	tcase_add_test(tcase, open_comment_is_said);
	tcase_add_test(tcase, open_string_is_said);
	tcase_add_test(tcase, bytes_outside_ascii_are_said_once);
	tcase_add_test(tcase, deep_nesting_is_an_error_and_no_crash);
	tcase_add_test(tcase, at_most_a_hundred_errors_are_kept);
	tcase_add_test(tcase, printed_errors_hold_no_control_bytes);
	tcase_add_test(tcase, interface_inside_may_be_oneway);
	tcase_add_test(tcase, annotation_value_needs_no_name);
	tcase_add_test(tcase, annotations_stand_on_both_sides);
	tcase_add_test(tcase, tag_of_another_union_may_be_spelt_in_full);
	tcase_add_test(tcase, interface_may_be_known_by_name_alone);
	return suite;
}
