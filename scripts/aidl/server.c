/* SPDX-License-Identifier: MIT */
/*
 * server.c: "compute" and "books", each a table of functions for an interface
 * that com/example/ describes.
 */
#include <stdio.h>

#include <android/binder_manager.h>
#include <android/binder_process.h>

#include <com/example/IBookListener.h>
#include <com/example/IBookManager.h>
#include <com/example/ICalculator.h>

#include <pthread.h>

/* ---- ICalculator ------------------------------------------------------------------ */

static AStatus *compute_add(void *self, int32_t a, int32_t b, int32_t *ret)
{
	(void)self;
	*ret = (int32_t)((uint32_t)a + (uint32_t)b);
	return NULL;
}

static AStatus *compute_sub(void *self, int32_t a, int32_t b, int32_t *ret)
{
	(void)self;
	*ret = (int32_t)((uint32_t)a - (uint32_t)b);
	return NULL;
}

static AStatus *compute_divide(void *self, int32_t a, int32_t b, int32_t *ret)
{
	(void)self;
	if (!b)
		return AStatus_fromServiceSpecificErrorWithMessage(
			ICalculator_ERROR_DIVISION_BY_ZERO, "division by zero");
	if (a == INT32_MIN && b == -1)
		return AStatus_fromExceptionCode(EX_ILLEGAL_ARGUMENT);
	*ret = a / b;
	return NULL;
}

static AStatus *compute_middle(void *self, const struct Point *a, const struct Point *b,
			       struct Point *ret)
{
	(void)self;
	ret->x = (int32_t)(((int64_t)a->x + b->x) / 2);
	ret->y = (int32_t)(((int64_t)a->y + b->y) / 2);
	return AStatus_fromStatus(aidlc_set_string(&ret->label, "middle"));
}

static const struct ICalculator_methods compute_methods = {
	.add = compute_add,
	.sub = compute_sub,
	.divide = compute_divide,
	.middle = compute_middle,
};

/* ---- IBookManager ------------------------------------------------------------------ */

#define MOST_BOOKS 100

struct manager {
	pthread_mutex_t lock;
	struct Book book[MOST_BOOKS];
	int32_t count;
	AIBinder *listener; /* the last one that came */
};

/* A book of our own; arguments are the caller's. */
static binder_status_t copy_book(const struct Book *from, struct Book *to)
{
	binder_status_t status = aidlc_set_string(&to->title, from->title);

	to->id = from->id;
	if (status == STATUS_OK && from->authors_count > 0)
		status = aidlc_copy_strings((const char *const *)from->authors, from->authors_count,
					    &to->authors, &to->authors_count);
	if (status == STATUS_OK && from->review)
		status = aidlc_set_string(&to->review, from->review);
	return status;
}

static AStatus *manager_get_books(void *self, struct Book **ret, int32_t *ret_count)
{
	struct manager *manager = self;
	binder_status_t status = STATUS_OK;
	struct Book *books;

	pthread_mutex_lock(&manager->lock);
	books = calloc((size_t)manager->count + 1, sizeof(*books));
	if (books)
		status = Book_init_array(books, manager->count);
	for (int32_t i = 0; books && status == STATUS_OK && i < manager->count; i++)
		status = copy_book(&manager->book[i], &books[i]);
	if (books && status == STATUS_OK) {
		*ret = books;
		*ret_count = manager->count;
	} else if (books) {
		Book_free_array(books, manager->count);
	}
	pthread_mutex_unlock(&manager->lock);
	return books ? AStatus_fromStatus(status) : AStatus_fromStatus(STATUS_NO_MEMORY);
}

static void tell(AIBinder *listener, const struct Book *book)
{
	struct IBookListener *face = IBookListener_asInterface(listener);

	if (face)
		AStatus_delete(IBookListener_onNewBook(face, book));
	IBookListener_release(face);
}

static AStatus *manager_add_book(void *self, const struct Book *book, int32_t *ret)
{
	struct manager *manager = self;
	AIBinder *listener = NULL;
	struct Book copy;
	binder_status_t status = Book_init(&copy);

	if (status == STATUS_OK)
		status = copy_book(book, &copy);
	pthread_mutex_lock(&manager->lock);
	if (status == STATUS_OK && manager->count == MOST_BOOKS)
		status = STATUS_NO_MEMORY;
	if (status == STATUS_OK) {
		copy.id = manager->count + 1;
		manager->book[manager->count++] = copy;
		*ret = copy.id;
		listener = manager->listener;
		AIBinder_incStrong(listener);
	}
	pthread_mutex_unlock(&manager->lock);
	if (status != STATUS_OK)
		Book_free(&copy);
	else if (listener)
		tell(listener, &copy);
	AIBinder_decStrong(listener);
	return AStatus_fromStatus(status);
}

static AStatus *manager_listen(void *self, AIBinder *listener)
{
	struct manager *manager = self;
	AIBinder *before;

	AIBinder_incStrong(listener);
	pthread_mutex_lock(&manager->lock);
	before = manager->listener;
	manager->listener = listener;
	pthread_mutex_unlock(&manager->lock);
	AIBinder_decStrong(before);
	return NULL;
}

static const struct IBookManager_methods manager_methods = {
	.getBooks = manager_get_books,
	.addBook = manager_add_book,
	.listen = manager_listen,
};

/* -------------------------------------------------------------------------------------- */

static int publish(AIBinder *binder, const char *name)
{
	if (binder && AServiceManager_addService(binder, name) == EX_NONE)
		return 0;
	fprintf(stderr, "server: %s could not be published: %s\n", name, ABinder_lastError());
	return 1;
}

int main(void)
{
	static struct manager manager = { .lock = PTHREAD_MUTEX_INITIALIZER };
	AIBinder *compute = ICalculator_new(&compute_methods, NULL, NULL);
	AIBinder *books = IBookManager_new(&manager_methods, &manager, NULL);

	if (publish(compute, "compute") || publish(books, "books"))
		return 1;
	ABinderProcess_joinThreadPool();
	return 0;
}
