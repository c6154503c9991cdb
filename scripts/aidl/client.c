/* SPDX-License-Identifier: MIT */
/*
 * client.c: calls what server.c publishes, and has itself called back.
 */
#include <semaphore.h>
#include <stdio.h>

#include <android/binder_manager.h>
#include <android/binder_process.h>

#include <com/example/IBookListener.h>
#include <com/example/IBookManager.h>
#include <com/example/ICalculator.h>

/* Says what went wrong; true when nothing did. */
static bool went_well(AStatus *status, const char *what)
{
	const char *description;

	if (!status)
		return true;
	description = AStatus_getDescription(status);
	printf("%s: %s\n", what, description);
	AStatus_deleteDescription(description);
	AStatus_delete(status);
	return false;
}

static void use_compute(const struct ICalculator *compute)
{
	struct Point a = { 0, 0, NULL }, b = { 10, -4, NULL }, middle;
	int32_t result;

	if (went_well(ICalculator_add(compute, 2, 3, &result), "add"))
		printf("2 + 3 = %d\n", result);
	if (went_well(ICalculator_sub(compute, 2, 3, &result), "sub"))
		printf("2 - 3 = %d\n", result);
	if (went_well(ICalculator_divide(compute, 1, 0, &result), "divide"))
		printf("1 / 0 = %d\n", result);
	if (Point_init(&middle) == STATUS_OK &&
	    went_well(ICalculator_middle(compute, &a, &b, &middle), "middle"))
		printf("%s: %d, %d\n", middle.label, middle.x, middle.y);
	Point_free(&middle);
}

/* ---- books ------------------------------------------------------------------------ */

static AStatus *on_new_book(void *self, const struct Book *book)
{
	printf("new book %d: %s\n", book->id, book->title);
	sem_post(self);
	return NULL;
}

static const struct IBookListener_methods listener_methods = { .onNewBook = on_new_book };

static void list_books(const struct IBookManager *manager)
{
	struct Book *books;
	int32_t count;

	if (!went_well(IBookManager_getBooks(manager, &books, &count), "getBooks"))
		return;
	for (int32_t i = 0; i < count; i++)
		printf("%d: %s, by %s%s: %s\n", books[i].id, books[i].title,
		       books[i].authors_count > 0 ? books[i].authors[0] : "nobody",
		       books[i].authors_count > 1 ? " and others" : "",
		       books[i].review ? books[i].review : "not reviewed");
	Book_free_array(books, count);
}

static void use_books(const struct IBookManager *manager)
{
	static char *authors[] = { "Ada", "Bob" };
	struct Book first = { .title = "Parcels", .authors = authors, .authors_count = 2 };
	struct Book second = {
		.title = "Handles", .authors = authors, .authors_count = 1, .review = "strong"
	};
	AIBinder *listener;
	sem_t heard;
	int32_t id;

	sem_init(&heard, 0, 0);
	listener = IBookListener_new(&listener_methods, &heard, NULL);
	if (went_well(IBookManager_listen(manager, listener), "listen") &&
	    went_well(IBookManager_addBook(manager, &first, &id), "addBook"))
		sem_wait(&heard);
	if (went_well(IBookManager_addBook(manager, &second, &id), "addBook"))
		sem_wait(&heard);
	list_books(manager);
	AIBinder_decStrong(listener);
}

int main(void)
{
	AIBinder *compute = AServiceManager_waitForService("compute");
	AIBinder *books = AServiceManager_waitForService("books");
	struct ICalculator *icompute = ICalculator_asInterface(compute);
	struct IBookManager *manager = IBookManager_asInterface(books);
	int result = icompute && manager ? 0 : 1;

	ABinderProcess_startThreadPool();
	if (icompute)
		use_compute(icompute);
	if (manager)
		use_books(manager);
	IBookManager_release(manager);
	ICalculator_release(icompute);
	AIBinder_decStrong(books);
	AIBinder_decStrong(compute);
	return result;
}
