/* SPDX-License-Identifier: MIT */
/*
 * show.c: a command of a traced program as a line or as JSON.
 *
 * Called by trace.c.  A reply says nothing of its method, so each thread has a stack of the calls that
 * it has sent and got and that are not answered yet; on one thread, calls are strictly nested.
 * Services are learned from the replies of the service manager.
 */
#include "cli/trace/trace.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/value/text.h"
#include "driver/uapi.h"

#define THREADS 1024
#define DEPTH 16
#define LABELS 1024
#define MOST_LABEL 128

/* A call whose reply has not been seen. */
struct open_call {
	struct conversation call; /* owns its request */
	bool sent;                /* by the thread; else it was called */
	bool asks_manager;
};

struct thread {
	int tid;
	int depth;
	struct open_call open[DEPTH];
};

/* What a handle of a process is called. */
struct label {
	int pid;
	uint32_t handle;
	char text[MOST_LABEL]; /* "": none */
};

struct trace_view {
	const struct call_words *words;
	bool json;
	FILE *out;
	struct thread thread[THREADS];
	struct label label[LABELS];
};

struct trace_view *trace_view_new(const struct call_words *words, bool json, FILE *out)
{
	struct trace_view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	view->words = words;
	view->json = json;
	view->out = out;
	return view;
}

static void payload_clear(struct payload *payload)
{
	free(payload->data);
	free(payload->offsets);
	*payload = (struct payload){ 0 };
}

static void thread_clear(struct thread *thread)
{
	while (thread->depth > 0)
		payload_clear(&thread->open[--thread->depth].call.request);
}

void trace_view_free(struct trace_view *view)
{
	if (!view)
		return;
	for (int i = 0; i < THREADS; i++)
		thread_clear(&view->thread[i]);
	free(view);
}

/* ---- calls that are open --------------------------------------------------------------- */

/* Two threads that share a place forget each other's calls: their replies then have no method. */
static struct thread *thread_of(struct trace_view *view, int tid)
{
	struct thread *thread = &view->thread[(unsigned)tid % THREADS];

	if (thread->tid != tid)
		thread_clear(thread);
	thread->tid = tid;
	return thread;
}

/* Takes the request. */
static struct open_call *push(struct thread *thread, const struct open_call *open)
{
	/* A reply was missed. */
	if (thread->depth == DEPTH)
		thread_clear(thread);
	thread->open[thread->depth] = *open;
	return &thread->open[thread->depth++];
}

/* The call that a reply in this direction answers; NULL: its beginning was not seen. */
static struct open_call *innermost(struct thread *thread, bool sent)
{
	if (thread->depth == 0 || thread->open[thread->depth - 1].sent != sent)
		return NULL;
	return &thread->open[thread->depth - 1];
}

static void pop(struct thread *thread)
{
	if (thread->depth > 0)
		payload_clear(&thread->open[--thread->depth].call.request);
}

/* ---- names ------------------------------------------------------------------------------ */

static struct label *label_of(struct trace_view *view, int pid, uint32_t handle)
{
	return &view->label[((unsigned)pid * 31 + handle) % LABELS];
}

static const char *label_text(struct trace_view *view, int pid, uint32_t handle)
{
	const struct label *label = label_of(view, pid, handle);

	if (handle == 0)
		return "manager";
	return label->pid == pid && label->handle == handle && *label->text ? label->text : NULL;
}

/* The interface that the request names; else it is just an object.  NULL: no memory. */
static char *object_name(const struct trace_view *view, const struct conversation *call)
{
	char *target, *method, *end;

	if (!call_name(view->words, call, &target, &method))
		return NULL;
	free(method);
	end = strstr(target, "#0");
	if (end)
		*end = 0;
	if (end)
		return target;
	free(target);
	return strdup("object");
}

/* A request for a service by its name, and a reply with a handle. */
static void learn_service(struct trace_view *view, const struct conversation *call, int pid)
{
	json_t *json, *name;
	struct flat_binder_object object;

	if (!call->reply.offset_count || call->reply.captured < sizeof(object) ||
	    call->reply.offsets[0] > call->reply.captured - sizeof(object))
		return;
	memcpy(&object, call->reply.data + call->reply.offsets[0], sizeof(object));
	if (object.hdr.type != BINDER_TYPE_HANDLE)
		return;
	json = call_to_json(view->words, call);
	name = json_object_get(json_object_get(json, "arguments"), "name");
	if (json_is_string(name)) {
		struct label *label = label_of(view, pid, object.handle);

		*label = (struct label){ .pid = pid, .handle = object.handle };
		snprintf(label->text, sizeof(label->text), "%s", json_string_value(name));
	}
	json_decref(json);
}

/* ---- payloads ---------------------------------------------------------------------------- */

static bool take_payload(struct payload *payload, const struct trace_message *message)
{
	const struct trace_record *record = &message->record;

	*payload = (struct payload){ .seen = record->data_captured || !record->data_size,
				     .size = record->data_size,
				     .captured = record->data_captured };
	payload->data = malloc(record->data_captured + 1);
	payload->offsets = malloc(record->offsets_captured + sizeof(uint64_t));
	if (!payload->data || !payload->offsets) {
		payload_clear(payload);
		return false;
	}
	memcpy(payload->data, message->data, record->data_captured);
	memcpy(payload->offsets, message->offsets, record->offsets_captured);
	payload->offset_count = record->offsets_captured / sizeof(uint64_t);
	return true;
}

static struct binder_transaction_data transaction_of(const struct trace_message *message)
{
	struct binder_transaction_data transaction = { 0 };

	if (message->record.command_size >= sizeof(transaction))
		memcpy(&transaction, message->command, sizeof(transaction));
	return transaction;
}

/* ---- one message --------------------------------------------------------------------------- */

/* What is printed of it: text, or members of an object. */
struct line {
	FILE *out;    /* NULL: JSON is wanted */
	json_t *json; /* NULL: text is wanted */
};

__attribute__((format(printf, 4, 5))) static void put(struct line *line, const char *key,
						      json_t *value, const char *format, ...)
{
	va_list args;

	if (line->json) {
		json_object_set_new(line->json, key, value);
		return;
	}
	json_decref(value);
	va_start(args, format);
	vfprintf(line->out, format, args);
	va_end(args);
}

static void put_address(struct line *line, const char *key, uint64_t address)
{
	put(line, key, line->json ? json_sprintf("0x%llx", (unsigned long long)address) : NULL,
	    " %s 0x%llx", key, (unsigned long long)address);
}

/* What call_to_json() knows of the payloads. */
static void put_call(const struct trace_view *view, struct line *line,
		     const struct conversation *call, bool reply)
{
	static const char *const of_requests[] = { "interface",    "method",       "arguments",
						   "request_size", "request_data", NULL };
	static const char *const of_replies[] = { "method",     "reply",      "exception", "status",
						  "reply_size", "reply_data", NULL };
	const char *const *key = reply ? of_replies : of_requests;
	json_t *json = call_to_json(view->words, call);

	for (; json && *key; key++)
		if (json_object_get(json, *key))
			json_object_set(line->json, *key, json_object_get(json, *key));
	json_decref(json);
}

static bool show_request(struct trace_view *view, struct line *line,
			 const struct trace_message *message)
{
	const struct trace_record *record = &message->record;
	const struct binder_transaction_data transaction = transaction_of(message);
	const bool sent = record->kind == TRACE_WRITE;
	struct open_call open = { .sent = sent,
				  .call = { .state = CONVERSATION_PENDING,
					    .oneway = transaction.flags & TF_ONE_WAY,
					    .handle = sent ? transaction.target.handle : 0,
					    .code = transaction.code,
					    .flags = transaction.flags,
					    .sent_ns = record->time_ns } };
	const char *label = sent ? label_text(view, record->pid, open.call.handle) : NULL;

	if (!take_payload(&open.call.request, message))
		return false;
	open.asks_manager = sent && open.call.handle == 0;
	if (sent) {
		put(line, "handle", json_integer(open.call.handle),
		    " handle %u:", open.call.handle);
	} else {
		put_address(line, "object", transaction.target.ptr);
		put(line, "from_pid", json_integer(transaction.sender_pid),
		    " from %d:", (int)transaction.sender_pid);
	}
	put(line, "oneway", json_boolean(open.call.oneway), "%s ",
	    open.call.oneway ? " one-way" : "");
	if (line->json) {
		json_object_set_new(line->json, "service",
				    label ? text_to_json(label, strlen(label)) : json_null());
		json_object_set_new(line->json, "code", json_integer(transaction.code));
		json_object_set_new(line->json, "flags", json_integer(transaction.flags));
		put_call(view, line, &open.call, false);
	} else {
		char *name = label ? NULL : object_name(view, &open.call);

		call_print_request(view->words, &open.call, label ? label : name, line->out);
		free(name);
	}
	if (open.call.oneway)
		payload_clear(&open.call.request);
	else
		push(thread_of(view, record->tid), &open);
	return true;
}

static int32_t status_of(const struct trace_message *message, uint32_t flags)
{
	int32_t status = 0;

	if ((flags & TF_STATUS_CODE) && message->record.data_captured >= sizeof(status))
		memcpy(&status, message->data, sizeof(status));
	return status;
}

static bool show_reply(struct trace_view *view, struct line *line,
		       const struct trace_message *message)
{
	const struct trace_record *record = &message->record;
	struct thread *thread = thread_of(view, record->tid);
	struct open_call *open = innermost(thread, record->kind == TRACE_READ);
	struct open_call unknown = { .sent = record->kind == TRACE_READ };
	struct conversation *call = open ? &open->call : &unknown.call;

	if (!take_payload(&call->reply, message))
		return false;
	call->state = CONVERSATION_ANSWERED;
	call->status = status_of(message, transaction_of(message).flags);
	if (line->json)
		put_call(view, line, call, true);
	else
		call_print_reply(view->words, call, line->out);
	if (open && record->time_ns >= call->sent_ns)
		put(line, "duration_ms", json_real((double)(record->time_ns - call->sent_ns) / 1e6),
		    "   %.2f ms", (double)(record->time_ns - call->sent_ns) / 1e6);
	if (open && open->asks_manager)
		learn_service(view, call, record->pid);
	payload_clear(&call->reply);
	if (open)
		pop(thread);
	return true;
}

/* These end the call that the thread has sent. */
static bool is_refusal(uint32_t command)
{
	return command == BR_DEAD_REPLY || command == BR_FAILED_REPLY || command == BR_FROZEN_REPLY;
}

static void show_words(struct line *line, enum command_shape shape,
		       const struct trace_message *message)
{
	uint32_t word = 0;
	uint64_t address[2] = { 0, 0 };
	const size_t size = message->record.command_size;

	memcpy(&word, message->command, size < sizeof(word) ? size : sizeof(word));
	memcpy(address, message->command, size < sizeof(address) ? size : sizeof(address));
	switch (shape) {
	case SHAPE_NUMBER:
		put(line, "value", json_integer((int32_t)word), " %d", (int)word);
		break;
	case SHAPE_HANDLE:
		put(line, "handle", json_integer(word), " handle %u", word);
		break;
	case SHAPE_POINTER:
		put_address(line, "address", address[0]);
		break;
	case SHAPE_OBJECT:
		put_address(line, "object", address[0]);
		put_address(line, "cookie", address[1]);
		break;
	case SHAPE_HANDLE_COOKIE:
		/* Packed: the cookie follows the handle without a gap. */
		if (size >= sizeof(word) + sizeof(address[0]))
			memcpy(address, message->command + sizeof(word), sizeof(address[0]));
		put(line, "handle", json_integer(word), " handle %u", word);
		put_address(line, "cookie", address[0]);
		break;
	case SHAPE_NONE:
	case SHAPE_TRANSACTION:
	case SHAPE_OTHER:
		break;
	}
}

static bool show_message(struct trace_view *view, struct line *line,
			 const struct trace_message *message)
{
	const struct trace_record *record = &message->record;
	const struct command *command = command_find(record->kind, record->command);
	const bool reply = record->command == BC_REPLY || record->command == BC_REPLY_SG ||
			   record->command == BR_REPLY;

	if (command)
		put(line, "command", json_string(command->name), "%s", command->name);
	else
		put(line, "command", json_sprintf("0x%x", record->command), "0x%x",
		    record->command);
	if (record->kind == TRACE_IOCTL && record->result < 0)
		put(line, "error", json_string(strerror(-record->result)), " = -1 (%s)",
		    strerror(-record->result));
	if (!command)
		return true;
	if (command->shape == SHAPE_TRANSACTION)
		return reply ? show_reply(view, line, message) : show_request(view, line, message);
	show_words(line, command->shape, message);
	if (record->kind == TRACE_READ && is_refusal(record->command) &&
	    innermost(thread_of(view, record->tid), true))
		pop(thread_of(view, record->tid));
	return true;
}

static void print_time(const struct trace_view *view, uint64_t ns)
{
	int64_t real = (int64_t)(ns + (uint64_t)view->words->realtime_ns);
	time_t seconds = real / 1000000000;
	char text[16] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fprintf(view->out, "%s.%06d", text, (int)(real % 1000000000 / 1000));
}

bool trace_view_show(struct trace_view *view, const struct trace_message *message)
{
	const struct trace_record *record = &message->record;
	struct line line = { .out = view->out };
	bool result;

	if (!view->json) {
		print_time(view, record->time_ns);
		fprintf(view->out, " %d/%d ", record->pid, record->tid);
		result = show_message(view, &line, message);
		putc('\n', view->out);
		return result;
	}
	line.json = json_pack("{s:I, s:i, s:i, s:i}", "time_ns",
			      (json_int_t)(record->time_ns + (uint64_t)view->words->realtime_ns),
			      "pid", record->pid, "tid", record->tid, "fd", record->fd);
	result = line.json && show_message(view, &line, message) &&
		 json_dumpf(line.json, view->out, JSON_COMPACT) == 0;
	json_decref(line.json);
	putc('\n', view->out);
	return result;
}
