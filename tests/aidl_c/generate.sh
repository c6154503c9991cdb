#!/bin/bash
# SPDX-License-Identifier: MIT
#
# generate.sh: `binderctl aidl`: what it writes, and what it refuses.
. "$(dirname "$0")/../tap.sh"
. "$(dirname "$0")/compile.sh"

# refuses TEXT PLACE MESSAGE: nothing is written, and the error says where.
refuses() {
	aidl_file p/P "$1"
	exits 1 binderctl aidl --lang=c -I "$T" -o "$T/gen" "$T/p/P.aidl"
	contains "$err" "P.aidl:$2: error: $3"
	[ ! -e "$T/gen" ] || fail "something was written: $(find "$T/gen")"
}

test_good_file_is_silent() {
	aidl_file p/IFoo 'package p; interface IFoo { int add(int a, int b); }'
	exits 0 binderctl aidl --check "$T/p/IFoo.aidl"
	is "$out$err" ""
	exits 0 binderctl aidl "$T/p/IFoo.aidl"
	is "$out$err" ""
}

test_error_has_its_place_and_a_caret() {
	aidl_file p/IFoo 'package p; interface IFoo { int add(in a, int b); }'
	exits 1 binderctl aidl --check "$T/p/IFoo.aidl"
	contains "$err" "IFoo.aidl:1:"
	contains "$err" "^"
}

test_missing_file_fails() {
	exits 1 binderctl aidl --check "$T/none.aidl"
	contains "$err" none.aidl
}

test_unknown_language_is_misuse() {
	aidl_file p/P 'package p; parcelable P { int x; }'
	exits 2 binderctl aidl --lang=cobol "$T/p/P.aidl"
	contains "$err" cobol
}

test_vintf_interface_makes_vintf_objects() {
	aidl_file p/IFoo 'package p; @VintfStability interface IFoo { void f(); }'
	aidl_file p/IBar 'package p; interface IBar { void f(); }'
	exits 0 binderctl aidl --lang=c -I "$T" -o "$T/gen" "$T/p/IFoo.aidl" "$T/p/IBar.aidl"
	contains "$(cat "$T/gen/p/IFoo.c")" "AIBinder_markVintfStability(binder);"
	lacks "$(cat "$T/gen/p/IBar.c")" markVintf
}

test_aidl_is_printed_in_one_form() {
	aidl_file p/P '// Whose it is.
package p;   import java.util.List;  // for Java


/** Two. */ @VintfStability parcelable P{int x=1+1; // one and one
  String   s;   enum E{A=1<<3,B /* more */,}
	List<P>   many; int [] n={1,2}; }'
	exits 0 binderctl aidl --lang=aidl "$T/p/P.aidl"
	is "$out" '// Whose it is.
package p;
import java.util.List; // for Java

/** Two. */ @VintfStability parcelable P {
    int x = 1 + 1; // one and one
    String s;
    enum E {
        A = 1 << 3,
        B /* more */,
    }
    List<P> many;
    int[] n = {1, 2};
}'
}

test_printed_aidl_is_the_same_aidl() {
	aidl_file demo/Cup 'package demo; parcelable Cup { int size = -(1 << 2) + 3; }'
	aidl_file demo/ITable 'package demo; import demo.Cup;
/** A table. */
oneway interface ITable { void put(in Cup cup, in int[2][3] x) = 3; /* one */ const int A = 1; }'
	mkdir -p "$T/out/demo"
	exits 0 binderctl aidl --lang=aidl -I "$T" "$T/demo/ITable.aidl"
	printf '%s\n' "$out" >"$T/out/demo/ITable.aidl"
	exits 0 binderctl aidl -I "$T" "$T/out/demo/ITable.aidl"
	exits 0 binderctl describe --aidl "$T" demo.ITable
	local before=$out
	exits 0 binderctl describe --aidl "$T/out" --aidl "$T" demo.ITable
	is "$out" "$before"
	# Once more, it stays as it is.
	exits 0 binderctl aidl --lang=aidl -I "$T" "$T/out/demo/ITable.aidl"
	is "$out" "$(cat "$T/out/demo/ITable.aidl")"
}

test_map_without_types_is_refused() {
	refuses 'package p; parcelable P { Map m; }' 1:27 "a Map without types is Java's alone"
}

test_map_of_lists_is_refused() {
	refuses 'package p; parcelable P { Map<String, List<String>> m; }' 1:39 \
		"C has no lists or maps of lists"
}

test_list_without_type_is_refused() {
	refuses 'package p; parcelable P { List m; }' 1:27 "C has nothing for a List without a type"
}

test_opaque_parcelable_without_a_header_is_refused() {
	refuses 'package p; parcelable P;' 1:23 "what is in P is not in AIDL, and no ndk_header has C for it"
	refuses 'package p; parcelable P cpp_header "P.hpp";' 1:23 "what is in P is not in AIDL"
	contains "$err" "a cpp_header is for C++"
	aidl_file p/Q 'package p; parcelable Q.Inner;'
	refuses 'package p; import p.Q; parcelable P { int x; Q.Inner q; }' 1:46 "what is in Inner"
}

test_header_of_an_opaque_parcelable_is_another_file() {
	refuses 'package p; parcelable P ndk_header "p/P.h";' 1:23 '"p/P.h" cannot be the header of P'
	refuses 'package p; parcelable P ndk_header "a>b";' 1:23 '"a>b" cannot be'
}

test_opaque_parcelable_is_read_and_written_by_hand() {
	aidl_file p/Point 'package p; parcelable Point ndk_header "point.h";'
	aidl_file p/Shape 'package p; parcelable Shape.Dot ndk_header "dot.h";'
	aidl_file p/All 'package p; import p.Point; import p.Shape;
		parcelable All { Point one; @nullable Point none; Point[] many; Point[2] two;
			Map<String, Point> named; @nullable Map<String, Point> maybe; Shape.Dot dot; }'
	aidl_file p/IAll 'package p; import p.All; import p.Point;
		interface IAll { Point f(in Point a, inout Point b, out Point c, in @nullable Point d);
			oneway void g(in Point[] a); List<Point> h(in List<Point> a); }'
	cat >"$T/point.h" <<-'END'
		#include <android/binder_parcel.h>
		#include <stdlib.h>
		struct Point { int32_t *x; };
		static inline binder_status_t Point_init(struct Point *value)
		{
			value->x = calloc(1, sizeof(*value->x));
			return value->x ? STATUS_OK : STATUS_NO_MEMORY;
		}
		static inline void Point_free(struct Point *value)
		{
			free(value->x);
		}
		static inline binder_status_t Point_writeToParcel(AParcel *parcel, const struct Point *value)
		{
			return AParcel_writeInt32(parcel, *value->x);
		}
		static inline binder_status_t Point_readFromParcel(const AParcel *parcel, struct Point *ret)
		{
			binder_status_t status = AParcel_readInt32(parcel, ret->x);

			return status == STATUS_OK && *ret->x == 13 ? STATUS_BAD_VALUE : status;
		}
	END
	sed 's/Point/Shape_Dot/g' "$T/point.h" >"$T/dot.h"
	generate "$T" "$T"/p/{Point,Shape,All,IAll}.aidl
	cat >"$T/main.c" <<-'END'
		#include <p/All.h>
		#include <p/IAll.h>
		int main(void)
		{
			static const int32_t point[] = { 1, 12 };
			AParcel *parcel = AParcel_create();
			const uint8_t *bytes;
			struct All a, b;
			size_t size;
			int bad;

			bad = All_init(&a) || All_init(&b);
			*a.one.x = 12;
			*a.two[1].x = 2;
			a.many = calloc(1, sizeof(*a.many));
			bad |= Point_init(a.many);
			*a.many->x = a.many_count = 1;
			*Point_put_map(&a.named, "n")->x = 4;
			*a.dot.x = 5;
			bad |= All_write(parcel, &a);
			AParcel_getBytes(parcel, &bytes, &size);
			bad |= memcmp(bytes + 8, point, sizeof(point));
			bad |= AParcel_setDataPosition(parcel, 0) || All_read(parcel, &b);
			bad |= *b.one.x != 12 || b.none || b.many_count != 1 || *b.many->x != 1 ||
			       *b.two[1].x != 2 || *Point_get_map(&b.named, "n")->x != 4 ||
			       b.maybe.count != -1 || *b.dot.x != 5;

			/* A value that the reader refuses leaves what there was. */
			*a.one.x = 13;
			AParcel_reset(parcel);
			bad |= All_write(parcel, &a) || AParcel_setDataPosition(parcel, 0) ||
			       All_read(parcel, &b) != STATUS_BAD_VALUE || *b.one.x != 12;
			All_free(&a);
			All_free(&b);
			AParcel_delete(parcel);
			return bad;
		}
	END
	"${compiler[@]}" -I"$T" -I"$T/gen" "$T/main.c" "$T"/gen/p/*.c "$library" -pthread -o "$T/main"
	"$T/main"
}

test_holder_holds_any_parcelable() {
	aidl_file p/Holds 'package p; @VintfStability parcelable Holds { int before; ParcelableHolder h;
		ParcelableHolder none; int after; }'
	aidl_file p/Plain 'package p; parcelable Plain { ParcelableHolder h; }'
	aidl_file p/Held 'package p; parcelable Held { String name; IBinder object;
		ParcelFileDescriptor file; parcelable Inner { int x; } }'
	generate "$T" "$T"/p/{Holds,Plain,Held}.aidl
	cat >"$T/main.c" <<-'END'
		#include <p/Held.h>
		#include <p/Holds.h>
		#include <p/Plain.h>
		#include <stdio.h>
		#define CHECK(what) \
			do { if (!(what)) { printf("%d: %s\n", __LINE__, #what); return 1; } } while (0)
		static void *create(void *arguments) { return arguments; }
		static void destroy(void *data) { (void)data; }
		static binder_status_t transact(AIBinder *binder, transaction_code_t code,
						const AParcel *in, AParcel *out)
		{
			(void)binder, (void)code, (void)in, (void)out;
			return STATUS_OK;
		}
		static int32_t word(const AParcel *parcel, size_t n)
		{
			const uint8_t *bytes = NULL;
			int32_t value;
			size_t size;

			AParcel_getBytes(parcel, &bytes, &size);
			memcpy(&value, bytes + 4 * n, 4);
			return value;
		}
		/* Sizes of what is held that cannot be. */
		static int hostile(const AParcel *good)
		{
			static const int32_t sizes[] = { -1, 1, 4, 5, 20, 1000, 0x7fffffff, (int)0x80000000 };
			const uint8_t *from;
			struct Plain plain;
			size_t size;

			AParcel_getBytes(good, &from, &size);
			CHECK(!Plain_init(&plain));
			for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
				AParcel *bad = AParcel_create();

				AParcel_writeRaw(bad, from, size);
				AParcel_setDataPosition(bad, 16);
				AParcel_writeInt32(bad, sizes[i]);
				AParcel_setDataPosition(bad, 0);
				CHECK(Plain_read(bad, &plain) != STATUS_OK && !plain.h.name);
				AParcel_delete(bad);
			}
			Plain_free(&plain);
			return 0;
		}
		int main(void)
		{
			static AIBinder_Class *clazz; /* lives as long as the process */
			AParcel *parcel = AParcel_create(), *plain_parcel = AParcel_create();
			struct Holds a, b;
			struct Held held, out;
			struct Held_Inner inner = { 5 }, inner_out = { 0 };
			struct Plain plain;

			clazz = AIBinder_Class_define("held", create, destroy, transact);
			CHECK(!Holds_init(&a) && !Holds_init(&b) && !Held_init(&held) && !Held_init(&out));
			CHECK(!Plain_init(&plain));
			CHECK(Held_get_holder(&a.h, &out) == STATUS_UNEXPECTED_NULL);
			CHECK(Held_put_holder(&a.h, NULL) == STATUS_UNEXPECTED_NULL);
			held.name = strdup("held");
			held.object = AIBinder_new(clazz, NULL);
			held.file = open("/dev/null", O_RDONLY | O_CLOEXEC);
			a.before = 1;
			a.after = 2;
			CHECK(!Held_put_holder(&a.h, &held) && !strcmp(a.h.name, "p.Held"));

			/* Binders and files come along, through two parcels. */
			CHECK(!Holds_write(parcel, &a) && !AParcel_setDataPosition(parcel, 0));
			CHECK(word(parcel, 3) == 1 && word(parcel, 4) == 1);
			CHECK(!Holds_read(parcel, &b));
			CHECK(b.before == 1 && b.after == 2 && !b.none.name);
			for (int i = 0; i < 2; i++) {
				CHECK(!Held_get_holder(&b.h, &out));
				CHECK(!strcmp(out.name, "held") && out.object == held.object);
				CHECK(out.file >= 0 && out.file != held.file);
			}

			/* Another type is refused, and both stay as they were. */
			CHECK(Held_Inner_get_holder(&b.h, &inner_out) == STATUS_BAD_VALUE);
			CHECK(!Held_get_holder(&b.h, &out));
			CHECK(!Held_Inner_put_holder(&b.h, &inner) && !Held_Inner_get_holder(&b.h, &inner_out));
			CHECK(inner_out.x == 5 && !strcmp(b.h.name, "p.Held.Inner"));
			CHECK(Held_get_holder(&b.h, &out) == STATUS_BAD_VALUE && out.object == held.object);

			/* Only @VintfStability is told to the other side. */
			CHECK(!Held_Inner_put_holder(&plain.h, &inner) && !Plain_write(plain_parcel, &plain));
			CHECK(word(plain_parcel, 2) == 1 && word(plain_parcel, 3) == 0);
			CHECK(!hostile(plain_parcel));

			/* There is nothing behind the end that could be written over. */
			CHECK(!AParcel_setDataPosition(parcel, 0));
			CHECK(Holds_write(parcel, &a) == STATUS_INVALID_OPERATION);
			AIBinder_decStrong(held.object);
			held.object = NULL;
			Held_free(&held);
			Held_free(&out);
			Holds_free(&a);
			Holds_free(&b);
			Plain_free(&plain);
			AParcel_delete(parcel);
			AParcel_delete(plain_parcel);
			return 0;
		}
	END
	"${compiler[@]}" -D_GNU_SOURCE -I"$T/gen" "$T/main.c" "$T"/gen/p/*.c "$library" -pthread -o "$T/main"
	"$T/main"
}

test_holder_elsewhere_than_in_a_field_is_refused() {
	local message="in C, a ParcelableHolder can be a field, nothing else"

	refuses 'package p; parcelable P { List<ParcelableHolder> h; }' 1:32 "$message"
	refuses 'package p; parcelable P { Map<String, ParcelableHolder> h; }' 1:39 "$message"
	refuses 'package p; parcelable P { B<ParcelableHolder> h; } parcelable B<T> { T t; }' 1:29 "$message"
}

test_types_without_end_are_refused() {
	refuses 'package p; parcelable B<T> { T t; } parcelable P<T> { @nullable P<B<T>> p; }
		parcelable Q { P<String> s; }' 1:65 "this needs more and more types"
	refuses "package p; $(for i in {0..20}; do echo "parcelable P$i { P$(((i + 1) % 21)) p; }"; done)" \
		1:23 "a P0 that always holds a P0 has no end"
}

test_opaque_parcelable_has_no_type_parameters() {
	refuses 'package p; parcelable P<T> ndk_header "p.h";' 1:23 "what is written by hand cannot have"
}

test_instances_of_several_files_are_one() {
	aidl_file p/Box 'package p; parcelable Box<T> { const int SIZE = 2; enum Kind { S = 1, B = 5 }
		T t; T[SIZE] two; @nullable T maybe; Kind kind = Kind.B; Map<String, T> map; }'
	aidl_file p/Pair 'package p; parcelable Pair<A, B> { A a; B b; @nullable(heap=true) Pair<A, B> next; }'
	aidl_file p/Either 'package p; union Either<L, R> { L left; R right; }'
	aidl_file p/Node 'package p; import p.Box; import p.Pair;
		parcelable Node { Box<String> s; @nullable(heap=true) Box<Node> more;
			List<Pair<Node, Box.Kind>> others; Pair<String, List<String>> words; }'
	aidl_file p/IUse 'package p; import p.Box; import p.Pair; import p.Node; import p.Either;
		interface IUse { Box<String> f(in Box<String> a, inout Box<Node> b,
			out Pair<List<String>, Map<String, Node>>[] c, in @nullable Box<Pair<String, Box<IBinder>>> d);
			oneway void g(in Either<Node, String> e, in Map<String, Box<String>> m); }'
	generate "$T" "$T"/p/{Box,Pair,Either,Node,IUse}.aidl
	cat >"$T/main.c" <<-'END'
		#include <p/IUse.h>
		int main(void)
		{
			AParcel *parcel = AParcel_create();
			struct Node a, b;
			int bad;

			bad = Node_init(&a) || Node_init(&b) || a.s.kind != Box_Kind_B;
			bad |= aidlc_set_string(&a.s.two[1], "two");
			a.more = malloc(sizeof(*a.more));
			bad |= Box_of_Node_init(a.more) || aidlc_set_string(&a.more->t.s.t, "deep");
			bad |= Node_write(parcel, &a) || AParcel_setDataPosition(parcel, 0) ||
			       Node_read(parcel, &b);
			bad |= strcmp(b.s.two[1], "two") || strcmp(b.more->t.s.t, "deep");
			Node_free(&a);
			Node_free(&b);
			AParcel_delete(parcel);
			return bad;
		}
	END
	"${compiler[@]}" -I"$T/gen" "$T/main.c" "$T"/gen/p/*.c "$library" -pthread -o "$T/main"
	"$T/main"
}

test_huge_fixed_array_is_refused() {
	refuses 'package p; parcelable P { int[100][100] a; }' 1:27 "in C, an array of fixed size has at most 4096"
}

test_one_wrong_file_stops_all() {
	aidl_file p/Good 'package p; parcelable Good { int x; }'
	aidl_file p/Bad 'package p; parcelable Bad { Map m; }'
	exits 1 binderctl aidl --lang=c -I "$T" -o "$T/gen" "$T/p/Good.aidl" "$T/p/Bad.aidl"
	[ ! -e "$T/gen" ] || fail "something was written"
}

test_no_half_file_when_there_is_no_room() {
	aidl_file p/P 'package p; parcelable P { int x; }'
	mkdir -p "$T/gen/p/P.h"
	exits 1 binderctl aidl --lang=c -I "$T" -o "$T/gen" "$T/p/P.aidl"
	contains "$err" "P.h"
	is "$(find "$T/gen" -type f)" ""
}

test_comments_are_carried_over() {
	aidl_file p/IFoo 'package p;
/** Above. */
interface IFoo {
	/** Of the constant. */
	const int ONE = 1;
	/** Of the method. */
	void f();
}'
	generate "$T" "$T/p/IFoo.aidl"
	grep -q '^/\* Above. \*/$' "$T/gen/p/IFoo.h"
	grep -q '^/\* Of the constant. \*/$' "$T/gen/p/IFoo.h"
	grep -q 'Of the method.' "$T/gen/p/IFoo.h"
	grep -q '^#define IFoo_ONE 1$' "$T/gen/p/IFoo.h"
}

test_words_of_c_are_no_obstacle() {
	aidl_file p/IFoo 'package p;
interface IFoo {
	int release(int register, in int[] self, int self_count, out String[] ret);
	void class_(in String[] errno, int status);
	const String TRI = "what??/";
}'
	generate "$T" "$T/p/IFoo.aidl"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/IFoo.c" -o "$T/IFoo.o"
}

test_methods_may_have_the_names_of_what_is_made_for_them() {
	local methods='' name

	for name in create destroy is define defined transact proxy stub object face new class release \
		asInterface methods delete print size proxy_size stub_size CODE_size nest nest_x template \
		operator typename namespace this_ new_ main malloc errno; do
		methods="$methods void $name(int a_$name);"
	done
	aidl_file p/IPot "package p; interface IPot { $methods parcelable nest { int x; }
		const int DESCRIPTOR = 1; const int size = 2; const int CODE_size = 3; }"
	aidl_file p/Book 'package p; parcelable Book { int init; int free; int class_; int delete;
		const int init = 1; const int write_array = 2; enum E { name, A } }'
	generate "$T" "$T/p/IPot.aidl" "$T/p/Book.aidl"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/IPot.c" -o "$T/IPot.o"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/Book.c" -o "$T/Book.o"
}

test_types_of_one_name_need_a_prefix() {
	aidl_file a/Time 'package a; parcelable Time { int s; }'
	aidl_file b_c/Time 'package b_c; parcelable Time { long ms; }'
	aidl_file c/IUse 'package c; interface IUse { void set(in a.Time x, in b_c.Time y); }'
	exits 1 binderctl aidl --lang=c -I "$T" -o "$T/gen" "$T/c/IUse.aidl"
	contains "$err" "Time.aidl:1:"
	contains "$err" "would both be Time"
	contains "$err" "--prefix=package"
	[ ! -e "$T/gen" ] || fail "something was written"
	exits 0 binderctl aidl --lang=c --prefix=package -I "$T" -o "$T/gen" "$T/c/IUse.aidl"
	grep -q 'struct a_Time' "$T/gen/c/IUse.h"
	grep -q 'struct b__c_Time' "$T/gen/c/IUse.h"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/c/IUse.c" -o "$T/IUse.o"
	exits 0 binderctl aidl --lang=c --prefix=b_c=Slow --prefix=X -I "$T" -o "$T/gen" "$T/c/IUse.aidl"
	grep -q 'struct SlowTime' "$T/gen/c/IUse.h"
	grep -q 'struct XTime' "$T/gen/c/IUse.h"
}

test_what_is_included_is_made_too() {
	aidl_file p/Inner 'package p; parcelable Inner { int x; }'
	aidl_file p/Outer 'package p; import p.Inner; parcelable Outer { Inner i; }'
	aidl_file p/IGone 'package p; interface IGone { void f(in Map m); }'
	aidl_file p/IFoo 'package p; import p.Outer; import p.IGone; interface IFoo { void f(in Outer o, IGone g); }'
	exits 0 binderctl aidl --lang=c -I "$T" -o "$T/gen" --dep "$T/deps" "$T/p/IFoo.aidl"
	is "$err" "also made: p/Outer.c, p/Inner.c"
	# Code that passes an interface on does not need its declaration.
	[ ! -e "$T/gen/p/IGone.h" ] || fail "IGone was made"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/IFoo.c" -o "$T/IFoo.o"
	contains "$(cat "$T/deps")" "$T/gen/p/IFoo.h"
	contains "$(cat "$T/deps")" "$T/p/Inner.aidl"
	make -n -f "$T/deps" "$T/gen/p/IFoo.c" >"$T/make.out"
}

test_a_type_without_c_is_refused_with_all_that_hold_it() {
	aidl_file p/Bad 'package p; parcelable Bad { int x; Map m; }'
	aidl_file p/Good 'package p; import p.Bad; parcelable Good { Bad b; }'
	exits 1 binderctl aidl --lang=c -I "$T" -o "$T/gen" "$T/p/Good.aidl"
	contains "$err" "Bad.aidl:1:36: error: a Map without types is Java's alone"
	[ ! -e "$T/gen" ] || fail "something was written"
}

test_values_are_copied_compared_and_shown() {
	aidl_file p/T 'package p; parcelable T { int a = 7; String b = "q"; int[] c = {1, 2}; @nullable T[] more;
		Map<String, String> m; E e = E.B; U u; boolean y = true; int[2][2] g; @nullable IBinder i;
		enum E { A, B } union U { int n = 1; String s; } }'
	generate "$T" "$T/p/T.aidl"
	cat >"$T/main.c" <<-'END'
		#include <p/T.h>
		#include <stdio.h>
		int main(void)
		{
			struct T one, two;
			char *text;
			int bad = T_init(&one) || T_init(&two);

			bad |= !T_equals(&one, &two);
			*aidlc_put_string_map(&one.m, "k") = strdup("v");
			bad |= T_equals(&one, &two) || T_copy(&one, &two) || !T_equals(&one, &two);
			text = T_to_string(&two);
			puts(text);
			free(text);
			puts(T_E_name(1));
			T_free(&one);
			T_free(&two);
			return bad || T_E_name(9);
		}
	END
	"${compiler[@]}" -I"$T/gen" "$T/main.c" "$T"/gen/p/*.c "$library" -pthread -o "$T/main"
	exits 0 "$T/main"
	is "$out" 'T{a: 7, b: "q", c: [1, 2], more: [], m: {"k": "v"}, e: B, u: T_U{n: 1}, y: true, g: [[0, 0], [0, 0]], i: null}
B'
}

test_headers_are_cpp_too() {
	command -v g++ >/dev/null || skip "there is no g++"
	aidl_file p/IFoo 'package p; interface IFoo { void delete(int operator, in T t, out T[] u); }
		parcelable T { int new_; String template; int[2] a; Map<String, T> m; E e = E.and; U u;
		enum E { and, or } union U { int this_ = 1; String s; } }'
	generate "$T" "$T/p/IFoo.aidl"
	echo '#include <p/IFoo.h>' >"$T/main.cc"
	g++ -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I"$ROOT/libbinder/include" -I"$T/gen" "$T/main.cc"
}

test_files_may_name_each_other() {
	aidl_file p/A 'package p; import p.B; parcelable A { @nullable(heap=true) B b; }'
	aidl_file p/B 'package p; import p.A; parcelable B { A a; A[2] two; }'
	generate "$T" "$T/p/A.aidl" "$T/p/B.aidl"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/A.c" -o "$T/A.o"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/B.c" -o "$T/B.o"
}

test_maps_of_structures_may_name_each_other() {
	aidl_file p/A 'package p; import p.B;
		parcelable A { Map<String, B> b; Map<String, A> a; @nullable Map<String, B> n; }'
	aidl_file p/B 'package p; import p.A; parcelable B { A a; A[2] two; Map<String, A> more; }'
	generate "$T" "$T/p/A.aidl" "$T/p/B.aidl"
	cat >"$T/main.c" <<-'END'
		#include <p/A.h>
		int main(void) { return 0; }
	END
	"${compiler[@]}" -I"$T/gen" "$T/main.c" "$T/gen/p/A.c" "$T/gen/p/B.c" "$library" -pthread \
		-o "$T/main"
}

test_map_is_filled_by_key() {
	aidl_file p/P 'package p; parcelable P { Map<String, String> s; @nullable Map<String, P> more; }'
	generate "$T" "$T/p/P.aidl"
	cat >"$T/main.c" <<-'END'
		#include <p/P.h>
		#include <stdio.h>
		int main(void)
		{
			AParcel *parcel = AParcel_create();
			struct P a, b, *two;
			char key[16];
			int bad;

			bad = P_init(&a) || P_init(&b) || a.s.count != 0 || a.more.count != -1;
			for (int i = 0; i < 100; i++) {
				snprintf(key, sizeof(key), "k%d", i);
				bad |= aidlc_set_string(aidlc_put_string_map(&a.s, key), key);
			}
			bad |= !P_put_pointer_map(&a.more, "null") || !P_put_pointer_map(&a.more, "two");
			two = malloc(sizeof(*two));
			bad |= P_init(two) || *P_put_pointer_map(&a.more, "two") != NULL;
			*P_put_pointer_map(&a.more, "two") = two;
			bad |= P_write(parcel, &a) || AParcel_setDataPosition(parcel, 0) || P_read(parcel, &b);
			bad |= b.s.count != 100 || strcmp(*aidlc_get_string_map(&b.s, "k42"), "k42");
			bad |= aidlc_get_string_map(&b.s, "K42") != NULL || b.more.count != 2;
			bad |= *P_get_pointer_map(&b.more, "null") != NULL;
			bad |= (*P_get_pointer_map(&b.more, "two"))->more.count != -1;
			P_free(&a);
			P_free(&b);
			AParcel_delete(parcel);
			return bad;
		}
	END
	"${compiler[@]}" -I"$T/gen" "$T/main.c" "$T/gen/p/P.c" "$library" -pthread -o "$T/main"
	"$T/main"
}

test_tag_of_a_union_is_a_number() {
	aidl_file p/U 'package p; union U { int a; String b; }'
	aidl_file p/IFoo 'package p; import p.U; interface IFoo { U.Tag[] f(in U.Tag a, in U[] b); }'
	generate "$T" "$T/p/U.aidl" "$T/p/IFoo.aidl"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/IFoo.c" -o "$T/IFoo.o"
	"${compiler[@]}" -I"$T/gen" -c "$T/gen/p/U.c" -o "$T/U.o"
}

test_map_of_arrays_is_refused() {
	refuses 'package p; parcelable P { Map<String, int[]> m; }' 1:39 "C has no lists or maps of lists"
	refuses 'package p; parcelable P { Map<String, int[2]> m; }' 1:39 "C has no lists or maps of arrays"
}

test_limits_of_numbers_are_constants() {
	aidl_file p/P 'package p; parcelable P { const int I = -2147483648; const long L = -9223372036854775808L;
		const float F = 1; const double D = 1e300; int i = I; long l = L; }'
	generate "$T" "$T/p/P.aidl"
	cat >"$T/main.c" <<-'END'
		#include <p/P.h>
		_Static_assert(P_I == INT32_MIN && P_L == INT64_MIN, "limits");
		int main(void)
		{
			struct P p;

			return P_init(&p) || p.i != INT32_MIN || p.l != INT64_MIN || P_F != 1 || P_D != 1e300;
		}
	END
	"${compiler[@]}" -I"$T/gen" "$T/main.c" "$T/gen/p/P.c" "$library" -pthread -o "$T/main"
	"$T/main"
}

test_local_object_is_called_directly() {
	aidl_file p/IFoo 'package p; interface IFoo { int add(int a, int b); }'
	generate "$T" "$T/p/IFoo.aidl"
	cat >"$T/main.c" <<-'END'
		#include <p/IFoo.h>
		static AStatus *add(void *self, int32_t a, int32_t b, int32_t *ret)
		{
			*ret = a + b + *(int *)self;
			return NULL;
		}
		static void destroy(void *self) { *(int *)self = -1; }
		static const struct IFoo_methods methods = { .add = add };
		int main(void)
		{
			int self = 10;
			AIBinder *binder = IFoo_new(&methods, &self, destroy);
			struct IFoo *foo = IFoo_asInterface(binder);
			int32_t sum = 0;
			int wrong = !foo || foo->methods != &methods || IFoo_add(foo, 2, 3, &sum) || sum != 15;

			AIBinder_decStrong(binder);
			wrong |= self != 10; /* the face keeps it */
			IFoo_release(foo);
			return wrong || self != -1 || IFoo_asInterface(NULL);
		}
	END
	"${compiler[@]}" -I"$T/gen" "$T/main.c" "$T/gen/p/IFoo.c" "$library" -pthread -o "$T/main"
	"$T/main"
}

run_tests "$@"
