/* SPDX-License-Identifier: MIT */
/*
 * data_test.c: trees of values, by themselves: how a map finds its keys.
 */
#include <binder/aidl_data.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "aidl.h"

/* More than are looked through one by one. */
#define MANY 1000

static const char *name_of(int number)
{
	static char name[16];

	snprintf(name, sizeof(name), "key %d", number);
	return name;
}

/* Every key holds its number; the order is that of no alphabet. */
static void fill(struct aidl_data *map, int count)
{
	aidl_data_set_map(map);
	for (int i = 0; i < count; i++) {
		struct aidl_data *item = aidl_data_put(map, name_of(i * 7919 % count));

		ck_assert_ptr_nonnull(item);
		aidl_data_set_integer(item, i * 7919 % count);
	}
}

START_TEST(keys_stay_in_the_order_in_which_they_came)
{
	struct aidl_data map = { 0 };

	fill(&map, MANY);
	ck_assert_uint_eq(map.count, MANY);
	for (int i = 0; i < MANY; i++)
		ck_assert_str_eq(map.key[i], name_of(i * 7919 % MANY));
	aidl_data_clear(&map);
}
END_TEST

START_TEST(key_is_found_among_few_and_many)
{
	struct aidl_data map = { 0 };

	for (int count = 1; count <= MANY; count = count < 20 ? count + 1 : count * 3) {
		fill(&map, count);
		for (int i = 0; i < count; i++) {
			const struct aidl_data *item = aidl_data_get(&map, name_of(i));

			ck_assert_ptr_nonnull(item);
			ck_assert_int_eq(item->integer, i);
		}
		ck_assert_ptr_null(aidl_data_get(&map, "no key"));
	}
	aidl_data_clear(&map);
}
END_TEST

START_TEST(key_that_comes_again_is_the_same_item)
{
	struct aidl_data map = { 0 };

	fill(&map, MANY);
	for (int i = 0; i < MANY; i++)
		aidl_data_set_integer(aidl_data_put(&map, name_of(i)), -i);
	ck_assert_uint_eq(map.count, MANY);
	ck_assert_int_eq(aidl_data_get(&map, name_of(MANY / 2))->integer, -MANY / 2);
	aidl_data_clear(&map);
}
END_TEST

static double fill_ns(int count)
{
	struct aidl_data map = { 0 };
	struct timespec begin, end;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	fill(&map, count);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	aidl_data_clear(&map);
	return (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
}

/* A peer chooses how many there are: looked through one by one, 64 times as many took 4000. */
START_TEST(many_keys_cost_little_more_each)
{
	double ratio = 1e9;

	for (int round = 0; round < 5 && ratio > 640; round++) {
		double few = fill_ns(1000), many = fill_ns(64000);

		if (many / few < ratio)
			ratio = many / few;
	}
	ck_assert_msg(ratio <= 640, "64 times as many keys took %.0f times as long", ratio);
}
END_TEST

Suite *data_suite(void)
{
	Suite *suite = suite_create("data");
	TCase *tcase = tcase_create("keys");

	suite_add_tcase(suite, tcase);
	tcase_add_test(tcase, keys_stay_in_the_order_in_which_they_came);
	tcase_add_test(tcase, key_is_found_among_few_and_many);
	tcase_add_test(tcase, key_that_comes_again_is_the_same_item);
	tcase_add_test(tcase, many_keys_cost_little_more_each);
	return suite;
}
