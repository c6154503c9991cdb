/* SPDX-License-Identifier: MIT */
/*
 * rule_test.c: what AIDL forbids.
 */
#include "aidl.h"

#define FORBIDS(name, text, column, part) \
	START_TEST(name) \
	{ \
		bad(text, 1, column, part); \
	} \
	END_TEST

FORBIDS(oneway_method_returns_nothing, "interface I { oneway int f(); }", 26, "oneway")
FORBIDS(oneway_method_has_no_out, "interface I { oneway void f(out int[] a); }", 39,
	"nothing comes back")
FORBIDS(array_needs_a_direction, "interface I { void f(int[] a); }", 28, "say which")
FORBIDS(int_only_goes_in, "interface I { void f(out int a); }", 30, "can only go in")
FORBIDS(string_only_goes_in, "interface I { void f(inout String a); }", 35, "can only go in")
FORBIDS(methods_are_not_overloaded, "interface I { void f(); void f(int a); }", 30, "two methods f")
FORBIDS(arguments_have_different_names, "interface I { void f(int a, int a); }", 33,
	"two arguments a")
FORBIDS(all_methods_are_numbered_or_none, "interface I { void f() = 1; void g(); }", 34,
	"g has no number")
FORBIDS(numbers_differ, "interface I { void f() = 1; void g() = 1; }", 34, "the same number")
FORBIDS(numbers_of_the_compiler_are_not_used, "interface I { void f() = 16777115; }", 26,
	"between 0 and 16777114")
FORBIDS(methods_of_every_interface_are_reserved, "interface I { int getInterfaceVersion(); }", 19,
	"of itself")
FORBIDS(fields_have_different_names, "parcelable P { int a; int a; }", 27, "two fields a")
FORBIDS(constants_have_different_names, "parcelable P { const int A = 1; const int A = 1; }", 43,
	"two of A")
FORBIDS(parcelable_does_not_hold_itself, "parcelable P { P p; }", 18, "has no end")
FORBIDS(parcelable_does_not_hold_itself_in_another,
	"parcelable P { B<P> p; } parcelable B<T> { T[2] t; @nullable T u; }", 21, "has no end")
FORBIDS(void_is_no_field, "parcelable P { void v; }", 16, "only a method can be void")
FORBIDS(primitive_is_never_null, "parcelable P { @nullable int i; }", 26, "cannot be null")
FORBIDS(utf8_is_for_strings, "parcelable P { @utf8InCpp int i; }", 27, "@utf8InCpp")
FORBIDS(list_holds_no_ints, "parcelable P { List<int> l; }", 21, "type argument")
FORBIDS(list_takes_one_type, "parcelable P { List<String, String> l; }", 16, "1 type arguments")
FORBIDS(map_keys_are_strings, "parcelable P { Map<IBinder, String> l; }", 20, "keys")
FORBIDS(open_arrays_have_one_dimension, "parcelable P { int[][] l; }", 16, "fixed size")
FORBIDS(array_size_is_above_zero, "parcelable P { int[0] l; }", 20, "above 0")
FORBIDS(union_has_a_field, "union U { }", 7, "at least one field")
FORBIDS(enum_has_a_name, "enum E { }", 6, "at least one name")
FORBIDS(enum_value_fits_its_backing, "enum E { A = 127, B }", 19, "too large for byte")
FORBIDS(enum_backing_is_whole, "@Backing(type=\"float\") enum E { A }", 1, "byte, int or long")
FORBIDS(holder_is_a_field_only, "interface I { void f(in ParcelableHolder h); }", 25,
	"a field of a parcelable")
FORBIDS(constant_is_no_list, "parcelable P { const IBinder X = 1; }", 22, "constants are")
FORBIDS(file_needs_a_direction, "interface I { void f(ParcelFileDescriptor p); }", 43, "say which")
FORBIDS(file_does_not_only_come_out, "interface I { void f(out ParcelFileDescriptor p); }", 47,
	"cannot only come out")
FORBIDS(union_does_not_begin_with_an_enum, "union U { E e; } enum E { A = 1 }", 13, "begins as")
FORBIDS(union_does_not_begin_with_an_array, "union U { int[] a; }", 17, "begins as")
FORBIDS(fixed_size_has_no_arrays, "@FixedSize parcelable P { int[] a; }", 33, "no fixed size")
FORBIDS(fixed_size_has_no_strings, "@FixedSize union U { int i = 1; String s; }", 40,
	"no fixed size")
FORBIDS(fixed_size_holds_such_types_alone,
	"@FixedSize parcelable P { Q q; } parcelable Q { int a; }", 29, "no fixed size")
FORBIDS(first_type_argument_has_no_annotation, "parcelable P { List<@nullable String> s; }", 21,
	"no annotation")
FORBIDS(type_parameters_have_different_names, "parcelable P<T, T> { int a; }", 12,
	"two type parameters T")
FORBIDS(default_of_an_enum_is_a_name, "parcelable P { E e = E.A | E.B; } enum E { A, B }", 26,
	"is one of its names")
FORBIDS(argument_is_no_word_of_all_languages, "interface I { void f(int class); }", 26, "Java has")
FORBIDS(argument_is_no_word_of_java, "interface I { void f(int native); }", 26, "Java has")
FORBIDS(argument_is_none_of_the_compilers, "interface I { void f(int _aidl_x); }", 26, "_aidl")
FORBIDS(type_is_no_word_of_all_languages, "parcelable class { int a; }", 12, "Java and C++")
FORBIDS(type_is_none_of_aidls_own, "parcelable String { int a; }", 12, "AIDL's own")
FORBIDS(nested_type_has_another_name, "parcelable P { parcelable P { int a; } }", 27,
	"cannot be a P")
FORBIDS(opaque_parcelable_stands_alone, "interface I { parcelable P; }", 26, "stands alone")
FORBIDS(getters_of_a_union_differ, "union U { int a; int A; }", 22, "same getter")
FORBIDS(immutable_holds_immutable_types,
	"@JavaOnlyImmutable parcelable P { Q q; } parcelable Q { int a; }", 37, "can be changed")
FORBIDS(immutable_only_goes_in,
	"interface I { void f(out Q q); } @JavaOnlyImmutable parcelable Q { int a; }", 28,
	"can only go in")
FORBIDS(heap_is_for_parcelables, "parcelable P { @nullable(heap=true) String s; }", 37,
	"for parcelables")
FORBIDS(annotation_has_its_place, "@VintfStability parcelable P { @FixedSize int a; }", 32,
	"is not for a field")
FORBIDS(annotation_has_its_parameters, "@Descriptor(name=\"x\") interface I { }", 1, "no name")
FORBIDS(annotation_has_what_it_needs, "@Descriptor interface I { }", 1, "missing")
FORBIDS(annotation_stands_once, "interface I { @nullable @nullable String f(); }", 25, "twice")
FORBIDS(annotation_is_known, "@vintfStability interface I { }", 1, "no annotation")
FORBIDS(unknown_type_is_said, "interface I { Foo f(); }", 15, "there is no type Foo")
FORBIDS(missing_import_is_said_once, "import a.Foo; interface I { Foo f(); }", 8,
	"a.Foo is not found")

START_TEST(broken_declaration_is_marked)
{
	const struct aidl_declaration *d = NULL;
	static const char text[] = "parcelable P { Foo f; }";

	aidl_library_parse(library, "t", text, sizeof(text) - 1, &d);
	ck_assert(d->broken);
}
END_TEST

START_TEST(parcelable_may_hold_itself_on_the_heap)
{
	ck_assert(good("parcelable P { @nullable(heap=true) P p; P[] more; }")->fields->type->heap);
}
END_TEST

Suite *rule_suite(void)
{
	Suite *suite = suite_create("aidl-rule");
	TCase *tcase = library_case(suite, "rule");

	tcase_add_test(tcase, oneway_method_returns_nothing);
	tcase_add_test(tcase, oneway_method_has_no_out);
	tcase_add_test(tcase, array_needs_a_direction);
	tcase_add_test(tcase, int_only_goes_in);
	tcase_add_test(tcase, string_only_goes_in);
	tcase_add_test(tcase, methods_are_not_overloaded);
	tcase_add_test(tcase, arguments_have_different_names);
	tcase_add_test(tcase, all_methods_are_numbered_or_none);
	tcase_add_test(tcase, numbers_differ);
	tcase_add_test(tcase, numbers_of_the_compiler_are_not_used);
	tcase_add_test(tcase, methods_of_every_interface_are_reserved);
	tcase_add_test(tcase, fields_have_different_names);
	tcase_add_test(tcase, constants_have_different_names);
	tcase_add_test(tcase, parcelable_does_not_hold_itself);
	tcase_add_test(tcase, parcelable_does_not_hold_itself_in_another);
	tcase_add_test(tcase, void_is_no_field);
	tcase_add_test(tcase, primitive_is_never_null);
	tcase_add_test(tcase, utf8_is_for_strings);
	tcase_add_test(tcase, list_holds_no_ints);
	tcase_add_test(tcase, list_takes_one_type);
	tcase_add_test(tcase, map_keys_are_strings);
	tcase_add_test(tcase, open_arrays_have_one_dimension);
	tcase_add_test(tcase, array_size_is_above_zero);
	tcase_add_test(tcase, union_has_a_field);
	tcase_add_test(tcase, enum_has_a_name);
	tcase_add_test(tcase, enum_value_fits_its_backing);
	tcase_add_test(tcase, enum_backing_is_whole);
	tcase_add_test(tcase, holder_is_a_field_only);
	tcase_add_test(tcase, constant_is_no_list);
	tcase_add_test(tcase, file_needs_a_direction);
	tcase_add_test(tcase, file_does_not_only_come_out);
	tcase_add_test(tcase, union_does_not_begin_with_an_enum);
	tcase_add_test(tcase, union_does_not_begin_with_an_array);
	tcase_add_test(tcase, fixed_size_has_no_arrays);
	tcase_add_test(tcase, fixed_size_has_no_strings);
	tcase_add_test(tcase, fixed_size_holds_such_types_alone);
	tcase_add_test(tcase, first_type_argument_has_no_annotation);
	tcase_add_test(tcase, type_parameters_have_different_names);
	tcase_add_test(tcase, default_of_an_enum_is_a_name);
	tcase_add_test(tcase, argument_is_no_word_of_all_languages);
	tcase_add_test(tcase, argument_is_no_word_of_java);
	tcase_add_test(tcase, argument_is_none_of_the_compilers);
	tcase_add_test(tcase, type_is_no_word_of_all_languages);
	tcase_add_test(tcase, type_is_none_of_aidls_own);
	tcase_add_test(tcase, nested_type_has_another_name);
	tcase_add_test(tcase, opaque_parcelable_stands_alone);
	tcase_add_test(tcase, getters_of_a_union_differ);
	tcase_add_test(tcase, immutable_holds_immutable_types);
	tcase_add_test(tcase, immutable_only_goes_in);
	tcase_add_test(tcase, heap_is_for_parcelables);
	tcase_add_test(tcase, annotation_has_its_place);
	tcase_add_test(tcase, annotation_has_its_parameters);
	tcase_add_test(tcase, annotation_has_what_it_needs);
	tcase_add_test(tcase, annotation_stands_once);
	tcase_add_test(tcase, annotation_is_known);
	tcase_add_test(tcase, unknown_type_is_said);
	tcase_add_test(tcase, missing_import_is_said_once);
	tcase_add_test(tcase, broken_declaration_is_marked);
	tcase_add_test(tcase, parcelable_may_hold_itself_on_the_heap);
	return suite;
}
