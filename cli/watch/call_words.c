/* SPDX-License-Identifier: MIT */
/*
 * call_words.c: a watched call as a line of text and as JSON.
 *
 * Called by the verbs that watch.  A payload is read in this order: the interface token, the
 * method of the AIDL with that code, its arguments; and what cannot be read
 * so is guessed, word by word.  Payloads come from other processes, so whatever does
 * not read as the AIDL says is no failure: the guess is shown instead.
 */
#include "cli/watch/call_words.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <binder/aidl_data.h>

#include "cli/session.h"
#include "cli/value/data.h"
#include "cli/value/inspect.h"
#include "cli/value/text.h"

#define MOST_TEXT 160 /* columns of one value in a line */
#define MOST_WORDS 8  /* of a stretch of words that nobody knows */

/* What is known of one call's payloads. */
struct reading_call {
	AParcel *request, *reply; /* as far as captured; NULL: not at all */
	char *descriptor;         /* NULL: there is no token */
	int32_t arguments_at;     /* behind the token */
	const struct aidl_method *method;
	struct aidl_data arguments, result;
	bool has_arguments, has_result;
	AStatus *exception; /* NULL: none */
};

/* ---- reading ------------------------------------------------------------------ */

static AParcel *parcel_of(const struct call_words *words, const struct payload *payload)
{
	AParcel *parcel = NULL;

	if (!payload->seen ||
	    AParcel_createCaptured(words->connection, words->android, payload->data,
				   payload->captured, payload->offsets, payload->offset_count,
				   &parcel) != STATUS_OK)
		return NULL;
	return parcel;
}

/* The end of one that was cut would read as something else. */
static bool is_whole(const struct payload *payload)
{
	return payload->seen && payload->captured == payload->size;
}

static const struct aidl_method *find_method(const struct call_words *words, const char *descriptor,
					     uint32_t code)
{
	const struct aidl_declaration *interface = NULL;

	if (!descriptor || aidl_library_find(words->library, descriptor, &interface) != STATUS_OK ||
	    !interface || interface->kind != AIDL_INTERFACE || interface->broken)
		return NULL;
	return aidl_method_by_code(interface, code);
}

static void read_request(const struct call_words *words, const struct conversation *call,
			 struct reading_call *r)
{
	struct aidl_codec codec = { .library = words->library };

	if (r->request && AParcel_readInterfaceToken(r->request, &r->descriptor) == STATUS_OK)
		r->arguments_at = AParcel_getDataPosition(r->request);
	r->method = find_method(
		words, r->descriptor ? r->descriptor : names_interface(words->names, call->node),
		call->code);
	if (r->method && r->descriptor && is_whole(&call->request))
		r->has_arguments = aidl_request_read(&codec, r->method, r->request,
						     &r->arguments) == STATUS_OK;
}

static void read_reply(const struct call_words *words, struct reading_call *r)
{
	struct aidl_codec codec = { .library = words->library };
	AStatus *status = NULL;

	if (!r->method || AParcel_readStatusHeader(r->reply, &status) != STATUS_OK) {
		AParcel_setDataPosition(r->reply, 0);
		return;
	}
	if (!AStatus_isOk(status)) {
		r->exception = status;
		return;
	}
	AStatus_delete(status);
	r->has_result = aidl_reply_read(&codec, r->method, r->reply, &r->result) == STATUS_OK;
}

/* What this call says of its target, for the calls that come. */
static void note_names(const struct call_words *words, const struct conversation *call,
		       const struct reading_call *r)
{
	char *descriptor = NULL;

	if (call->handle == 0 && call->sent_ns)
		names_note_manager(words->names, call->node);
	if (r->descriptor)
		names_note_interface(words->names, call->node, r->descriptor);
	if (call->code != SESSION_CODE('_', 'N', 'T', 'F') || !r->reply)
		return;
	if (AParcel_readString16(r->reply, &descriptor) == STATUS_OK && descriptor)
		names_note_interface(words->names, call->node, descriptor);
	free(descriptor);
	AParcel_setDataPosition(r->reply, 0);
}

static void read_call(const struct call_words *words, const struct conversation *call,
		      struct reading_call *r)
{
	*r = (struct reading_call){ .request = parcel_of(words, &call->request),
				    .reply = parcel_of(words, &call->reply) };
	read_request(words, call, r);
	if (r->reply && !call->status && is_whole(&call->reply))
		read_reply(words, r);
	note_names(words, call, r);
}

static void reading_free(struct reading_call *r)
{
	aidl_data_clear(&r->arguments);
	aidl_data_clear(&r->result);
	AStatus_delete(r->exception);
	AParcel_delete(r->request);
	AParcel_delete(r->reply);
	free(r->descriptor);
}

/* ---- words -------------------------------------------------------------------- */

/* The codes that every object of libbinder answers. */
static const char *meta_name(uint32_t code)
{
	static const struct {
		uint32_t code;
		const char *name;
	} names[] = {
		{ SESSION_CODE('_', 'P', 'N', 'G'), "ping" },
		{ SESSION_CODE('_', 'D', 'M', 'P'), "dump" },
		{ SESSION_CODE('_', 'C', 'M', 'D'), "shellCommand" },
		{ SESSION_CODE('_', 'N', 'T', 'F'), "interfaceDescriptor" },
		{ SESSION_CODE('_', 'S', 'P', 'R'), "sysprops" },
		{ SESSION_CODE('_', 'E', 'X', 'T'), "extension" },
		{ SESSION_CODE('_', 'P', 'I', 'D'), "debugPid" },
		{ SESSION_CODE('_', 'R', 'P', 'C'), "setRpcClient" },
		{ SESSION_CODE('_', 'S', 'R', 'D'), "startRecording" },
		{ SESSION_CODE('_', 'E', 'R', 'D'), "stopRecording" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			return names[i].name;
	return NULL;
}

/* What can be called, as a person would name it: a service, or an interface and a node. */
static void print_target(const struct call_words *words, const struct conversation *call,
			 const struct reading_call *r, FILE *out)
{
	const char *service = names_service(words->names, call->node);
	const char *descriptor = r->descriptor ? r->descriptor :
						 names_interface(words->names, call->node);
	const char *last;

	if (service) {
		text_print(out, service, false);
		return;
	}
	if (descriptor) {
		last = strrchr(descriptor, '.');
		text_print(out, last ? last + 1 : descriptor, false);
		fprintf(out, "#%u", call->node);
	} else if (call->node) {
		fprintf(out, "node %u", call->node);
	} else {
		fprintf(out, "handle %u", call->handle);
	}
}

static const char *name_of(const struct call_words *words, const struct aidl_method *method,
			   uint32_t node, uint32_t code)
{
	const char *name = method ? method->name : meta_name(code);

	return name ? name : names_method(words->names, node, code);
}

const char *call_method_name(const struct call_words *words, const char *descriptor, uint32_t node,
			     uint32_t code)
{
	return name_of(words, find_method(words, descriptor, code), node, code);
}

static void print_method(const struct call_words *words, const struct conversation *call,
			 const struct reading_call *r, FILE *out)
{
	const char *name = name_of(words, r->method, call->node, call->code);

	if (!name) {
		fprintf(out, " %u", call->code);
		return;
	}
	fputc('.', out);
	text_print(out, name, false);
}

bool call_name(const struct call_words *words, const struct conversation *call, char **target,
	       char **method)
{
	char *text[2] = { NULL, NULL };
	bool good = true;
	struct reading_call r;

	read_call(words, call, &r);
	for (int i = 0; i < 2; i++) {
		size_t size = 0;
		FILE *out = open_memstream(&text[i], &size);

		if (out && i == 0)
			print_target(words, call, &r, out);
		else if (out)
			print_method(words, call, &r, out);
		good = out && fclose(out) == 0 && good;
	}
	reading_free(&r);
	if (!good) {
		free(text[0]);
		free(text[1]);
		return false;
	}
	*target = text[0];
	*method = text[1];
	return true;
}

/* A value of one or many lines in one line, cut where it is long. */
static void print_value(const struct aidl_data *data, FILE *out)
{
	char *text = NULL;
	size_t size = 0, column = 0;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return;
	data_print(data, 0, memory);
	if (fclose(memory) == 0) {
		bool blank = false;
		char last = '[';

		for (size_t i = 0; i < size && column < MOST_TEXT; i++) {
			if (text[i] == '\n' || text[i] == ' ') {
				blank = true;
				continue;
			}
			if (blank && column && !strchr("[{", last) && !strchr("]}", text[i]))
				fputc(' ', out);
			blank = false;
			last = text[i];
			fputc(last, out);
			column++;
		}
		/* Half a character is no text. */
		if (column == MOST_TEXT)
			fputs("...", out);
	}
	free(text);
}

static void print_fields(const struct aidl_data *map, bool named, FILE *out)
{
	for (size_t i = 0; i < map->count; i++) {
		if (i)
			fputs(", ", out);
		if (named)
			fprintf(out, "%s: ", map->key[i]);
		print_value(&map->item[i], out);
	}
}

/* Words of four bytes as numbers; large ones are flags or halves of something else. */
static void guess_words(const uint8_t *data, size_t size, FILE *out)
{
	for (size_t i = 0; i + 4 <= size; i += 4) {
		int32_t word;

		memcpy(&word, data + i, sizeof(word));
		if (i / 4 == MOST_WORDS) {
			fprintf(out, " ... %zu bytes", size);
			return;
		}
		if (word > -10000 && word < 10000000)
			fprintf(out, "%s%d", i ? " " : "", (int)word);
		else
			fprintf(out, "%s0x%x", i ? " " : "", (unsigned)word);
	}
}

static void guess_object(const AParcel *parcel, size_t offset, FILE *out)
{
	uint64_t number = 0;

	switch (AParcel_getObjectAt(parcel, offset, &number)) {
	case ABINDER_OBJECT_FD:
		fprintf(out, "fd %u", (unsigned)number);
		break;
	case ABINDER_OBJECT_HANDLE:
		fprintf(out, "binder handle %u", (unsigned)number);
		break;
	case ABINDER_OBJECT_LOCAL:
		fprintf(out, "binder 0x%llx", (unsigned long long)number);
		break;
	default:
		fputs("object", out);
	}
}

/* What a parcel seems to hold from a position on. */
static void guess(const AParcel *parcel, size_t from, bool reply, FILE *out)
{
	const struct inspect_how how = { .status = reply };
	struct reading *readings = NULL;
	const uint8_t *data = NULL;
	size_t count = 0, size = 0;
	bool first = true;

	if (AParcel_getBytes(parcel, &data, &size) != STATUS_OK ||
	    inspect(parcel, &how, &readings, &count) != STATUS_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct reading *reading = &readings[i];
		size_t at = reading->offset, end = reading->offset + reading->size;

		if (reading->kind == READING_STATUS || end <= from)
			continue;
		if (at < from)
			at = from;
		if (!first)
			fputs(", ", out);
		first = false;
		if (reading->kind == READING_STRING16) {
			char *text = text_shown(json_string_value(reading->value), MOST_TEXT);

			fprintf(out, "\"%s\"", text ? text : "");
			free(text);
		} else if (reading->kind == READING_WORDS) {
			guess_words(data + at, end - at, out);
		} else {
			guess_object(parcel, reading->offset, out);
		}
	}
	readings_free(readings, count);
}

static void print_arguments(const struct conversation *call, const struct reading_call *r,
			    FILE *out)
{
	fputc('(', out);
	if (r->has_arguments)
		print_fields(&r->arguments, true, out);
	else if (is_whole(&call->request))
		guess(r->request, (size_t)r->arguments_at, false, out);
	else
		fprintf(out, "%llu bytes", (unsigned long long)call->request.size);
	fputc(')', out);
}

/* BR_ commands that end a call. */
static const char *error_name(uint32_t error)
{
	switch (error & 0xff) {
	case 5:
		return "the process behind it is dead";
	case 17:
		return "the driver refused it";
	case 18:
		return "the process is frozen";
	default:
		return "no reply came";
	}
}

static void print_exception(const AStatus *exception, FILE *out)
{
	const char *message = AStatus_getMessage(exception);
	char *shown = text_shown(message ? message : "", MOST_TEXT);

	fprintf(out, " ! %s", ABinder_exceptionName(AStatus_getExceptionCode(exception)));
	if (AStatus_getExceptionCode(exception) == EX_SERVICE_SPECIFIC)
		fprintf(out, " %d", (int)AStatus_getServiceSpecificError(exception));
	if (shown && *shown)
		fprintf(out, ": %s", shown);
	free(shown);
}

static void print_result(const struct call_words *words, const struct conversation *call,
			 const struct reading_call *r, FILE *out)
{
	switch (call->state) {
	case CONVERSATION_PENDING:
		fputs(" ... not answered yet", out);
		return;
	case CONVERSATION_DELIVERED:
		return;
	case CONVERSATION_FAILED:
	case CONVERSATION_UNANSWERED:
		fprintf(out, " %s! %s%s", words->color ? "\033[31m" : "",
			call->reply_failed ? "reply lost: " : "", error_name(call->error));
		if (call->reason)
			fprintf(out, " (%s)", strerror(-call->reason));
		fputs(words->color ? "\033[0m" : "", out);
		return;
	case CONVERSATION_ANSWERED:
		break;
	}
	if (call->status) {
		fprintf(out, " ! %s", ABinder_statusName(call->status));
	} else if (r->exception) {
		print_exception(r->exception, out);
	} else if (r->has_result) {
		if (r->result.count) {
			fputs(" = ", out);
			print_fields(&r->result, r->result.count > 1, out);
		}
	} else if (is_whole(&call->reply)) {
		const uint8_t *data;
		size_t size = 0;

		AParcel_getBytes(r->reply, &data, &size);
		if (size > 4) {
			fputs(" = ", out);
			guess(r->reply, 0, true, out);
		}
	} else {
		fprintf(out, " = %llu bytes", (unsigned long long)call->reply.size);
	}
}

/* ---- times -------------------------------------------------------------------- */

static uint64_t first_time(const struct conversation *call)
{
	return call->sent_ns ? call->sent_ns : call->delivered_ns;
}

static void print_time_of_day(const struct call_words *words, uint64_t ns, FILE *out)
{
	int64_t real = (int64_t)ns + words->realtime_ns;
	time_t seconds = real / 1000000000;
	char text[16];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	fprintf(out, "%s.%03d", text, (int)(real % 1000000000 / 1000000));
}

/* -1: not known. */
static double milliseconds(uint64_t from, uint64_t to)
{
	return from && to >= from ? (double)(to - from) / 1e6 : -1;
}

static void print_duration(const struct conversation *call, FILE *out)
{
	double took = milliseconds(call->sent_ns, call->ended_ns);

	if (took >= 0)
		fprintf(out,
			took < 10   ? "   %.2f ms" :
			took < 1000 ? "   %.1f ms" :
				      "   %.0f ms",
			took);
}

/* ---- the line ----------------------------------------------------------------- */

void call_print(const struct call_words *words, const struct conversation *call, FILE *out)
{
	const char *program = names_program(words->names, call->from_pid);
	struct reading_call r;

	read_call(words, call, &r);
	print_time_of_day(words, first_time(call), out);
	fputc(' ', out);
	if (*program) {
		text_print(out, program, false);
		fputc(' ', out);
	}
	fprintf(out, "%d %s ", (int)call->from_pid, call->oneway ? "~>" : "->");
	fputs(words->color ? "\033[1m" : "", out);
	print_target(words, call, &r, out);
	print_method(words, call, &r, out);
	fputs(words->color ? "\033[0m" : "", out);
	print_arguments(call, &r, out);
	print_result(words, call, &r, out);
	print_duration(call, out);
	reading_free(&r);
}

void call_print_request(const struct call_words *words, const struct conversation *call,
			const char *target, FILE *out)
{
	struct reading_call r;

	read_call(words, call, &r);
	if (target)
		text_print(out, target, false);
	else
		print_target(words, call, &r, out);
	print_method(words, call, &r, out);
	print_arguments(call, &r, out);
	reading_free(&r);
}

void call_print_reply(const struct call_words *words, const struct conversation *call, FILE *out)
{
	struct reading_call r;

	read_call(words, call, &r);
	print_result(words, call, &r, out);
	reading_free(&r);
}

/* ---- JSON --------------------------------------------------------------------- */

static json_t *process_to_json(const struct call_words *words, pid_t pid, pid_t tid, uid_t uid)
{
	const char *program = names_program(words->names, pid);

	if (!pid)
		return json_null();
	return json_pack("{s:i, s:i, s:I, s:o}", "pid", (int)pid, "tid", (int)tid, "uid",
			 (json_int_t)uid, "program", text_to_json(program, strlen(program)));
}

static json_t *hex(const struct payload *payload)
{
	char *text;
	json_t *json;

	if (!payload->seen)
		return json_null();
	text = malloc(2 * payload->captured + 1);
	if (!text)
		return NULL;
	for (size_t i = 0; i < payload->captured; i++)
		snprintf(text + 2 * i, 3, "%02x", payload->data[i]);
	json = json_stringn(text, 2 * payload->captured);
	free(text);
	return json;
}

static json_t *optional_text(const char *text)
{
	return text ? text_to_json(text, strlen(text)) : json_null();
}

static const char *state_name(enum conversation_state state)
{
	static const char *const names[] = {
		[CONVERSATION_PENDING] = "pending",       [CONVERSATION_ANSWERED] = "answered",
		[CONVERSATION_DELIVERED] = "delivered",   [CONVERSATION_FAILED] = "failed",
		[CONVERSATION_UNANSWERED] = "unanswered",
	};

	return names[state];
}

static json_t *exception_to_json(const AStatus *exception)
{
	if (!exception)
		return json_null();
	return json_pack("{s:s, s:i, s:o}", "name",
			 ABinder_exceptionName(AStatus_getExceptionCode(exception)), "error",
			 (int)AStatus_getServiceSpecificError(exception), "message",
			 optional_text(AStatus_getMessage(exception)));
}

static json_t *milliseconds_to_json(uint64_t from, uint64_t to)
{
	double took = milliseconds(from, to);

	return took < 0 ? json_null() : json_real(took);
}

json_t *call_to_json(const struct call_words *words, const struct conversation *call)
{
	int64_t real = (int64_t)first_time(call) + words->realtime_ns;
	struct reading_call r;
	json_t *json;

	read_call(words, call, &r);
	json = json_pack("{s:I, s:s, s:b, s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o, s:o, "
			 "s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}",
			 "time_ns", (json_int_t)real, "state", state_name(call->state), "oneway",
			 call->oneway, "id", (json_int_t)call->id, "from",
			 process_to_json(words, call->from_pid, call->from_tid, call->from_uid),
			 "to", process_to_json(words, call->to_pid, call->to_tid, call->to_uid),
			 "service", optional_text(names_service(words->names, call->node)),
			 "interface", optional_text(r.descriptor), "method",
			 optional_text(name_of(words, r.method, call->node, call->code)), "code",
			 (json_int_t)call->code, "flags", (json_int_t)call->flags, "node",
			 (json_int_t)call->node, "arguments",
			 r.has_arguments ? data_to_json(&r.arguments) : json_null(), "reply",
			 r.has_result ? data_to_json(&r.result) : json_null(), "exception",
			 exception_to_json(r.exception), "error",
			 call->error ? json_string(error_name(call->error)) : json_null(),
			 "duration_ms", milliseconds_to_json(call->sent_ns, call->ended_ns),
			 "queued_ms", milliseconds_to_json(call->sent_ns, call->delivered_ns),
			 "request_size", (json_int_t)call->request.size, "reply_size",
			 (json_int_t)call->reply.size, "request_data", hex(&call->request),
			 "reply_data", hex(&call->reply));
	if (json && call->status)
		json_object_set_new(json, "status", json_string(ABinder_statusName(call->status)));
	reading_free(&r);
	return json;
}
