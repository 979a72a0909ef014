/* A connection is used once: on a kept one libcurl repeats a request by itself when the other side has closed it, and what
 * must not be sent twice must not be repeated by a library either. */
#include "net/net.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <threads.h>
#include <unistd.h>

enum { CONNECT_SECONDS_MAX = 10, DETAIL_SIZE_MAX = 300, OWN_SIZE_MAX = 1 << 20 };

struct net {
	struct arena *own; /* holds this struct */
	CURL *curl;
	char error[CURL_ERROR_SIZE];
};

static once_flag started = ONCE_FLAG_INIT;

static void library_start(void)
{
	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void net_stop(struct net *net)
{
	if (!net)
		return;
	if (net->curl)
		curl_easy_cleanup(net->curl);
	arena_destroy(net->own);
}

static err_t net_start(struct net **ret_net)
{
	call_once(&started, library_start);
	struct arena *own = arena_create(OWN_SIZE_MAX);
	struct net *net = arena_new(own, struct net);
	*net = (struct net){ .own = own, .curl = curl_easy_init() };
	if (!net->curl) {
		net_stop(net);
		return fail(ERR_OUTSIDE, "libcurl does not start");
	}
	*ret_net = net;
	return OK;
}

/* ---- addresses inside a house ---- */

static bool is_public_v4(uint32_t a) /* in host order */
{
	static const struct {
		uint32_t net;
		int bits;
	} closed[] = {
		{ 0x00000000, 8 },  /* this network */
		{ 0x0A000000, 8 },  /* 10/8 */
		{ 0x64400000, 10 }, /* carriers' NAT */
		{ 0x7F000000, 8 },  /* loopback */
		{ 0xA9FE0000, 16 }, /* link-local; cloud machines' metadata */
		{ 0xAC100000, 12 }, /* 172.16/12 */
		{ 0xC0000000, 24 }, /* protocol assignments */
		{ 0xC0000200, 24 }, /* documentation, three times */
		{ 0xC6336400, 24 },
		{ 0xCB007100, 24 },
		{ 0xC0A80000, 16 }, /* 192.168/16 */
		{ 0xC6120000, 15 }, /* measurements */
		{ 0xE0000000, 3 },  /* multicast, reserved, broadcast */
	};
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		if ((a ^ closed[i].net) >> (32 - closed[i].bits) == 0)
			return false;
	return true;
}

static uint32_t word_at(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Only 2000::/3 is the world's; of it, what carries an IPv4 address is judged by that one. */
static bool is_public_v6(const unsigned char *a)
{
	static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF };
	static const unsigned char nat64[12] = { 0, 0x64, 0xFF, 0x9B };
	if (memcmp(a, mapped, sizeof mapped) == 0 || memcmp(a, nat64, sizeof nat64) == 0)
		return is_public_v4(word_at(a + 12));
	if ((a[0] & 0xE0) != 0x20)
		return false;
	if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
		return is_public_v4(word_at(a + 2));
	if (a[0] == 0x20 && a[1] == 0x01 && a[2] < 0x02) /* Teredo and other protocols' */
		return false;
	return word_at(a) != 0x20010DB8; /* documentation */
}

static bool net_is_public(const char *address)
{
	unsigned char bytes[16];
	if (inet_pton(AF_INET, address, bytes) == 1)
		return is_public_v4(word_at(bytes));
	return inet_pton(AF_INET6, address, bytes) == 1 && is_public_v6(bytes);
}

static bool sockaddr_is_public(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in v4;
		memcpy(&v4, address, sizeof v4);
		return is_public_v4(ntohl(v4.sin_addr.s_addr));
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 v6;
		memcpy(&v6, address, sizeof v6);
		return is_public_v6(v6.sin6_addr.s6_addr);
	}
	return false;
}

/* Asked for each address the name stood for, after DNS: a name that changes between two look-ups gains nothing. */
static curl_socket_t socket_open_public(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	bool *refused = context;
	if (purpose != CURLSOCKTYPE_IPCXN || !sockaddr_is_public(&address->addr)) {
		*refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* ---- what is common ---- */

/* One line for a log: no control bytes, not too long. */
static str detail_of(struct arena *arena, str text)
{
	struct text detail = text_in(arena, DETAIL_SIZE_MAX + 1);
	text = str_trim(text);
	for (size_t i = 0; i < text.size && detail.size < DETAIL_SIZE_MAX; i++) {
		unsigned char c = (unsigned char)text.at[i];
		text_add_char(&detail, c < ' ' || c > '~' ? ' ' : (char)c);
	}
	return text_str(&detail);
}

static void curl_prepare(struct net *net, struct arena *arena, str url, str ca_file, int seconds_max)
{
	CURL *curl = net->curl;
	curl_easy_reset(curl);
	net->error[0] = '\0';
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, net->error);
	curl_easy_setopt(curl, CURLOPT_URL, str_z(arena, url));
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS_MAX);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)seconds_max);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (ca_file.size)
		curl_easy_setopt(curl, CURLOPT_CAINFO, str_z(arena, ca_file));
}

static str failure_text(const struct net *net, struct arena *arena, CURLcode code)
{
	return detail_of(arena, str_from_z(net->error[0] ? net->error : curl_easy_strerror(code)));
}

static int response_code(const struct net *net)
{
	long status = 0;
	curl_easy_getinfo(net->curl, CURLINFO_RESPONSE_CODE, &status);
	return status >= 0 && status < 1000 ? (int)status : 0; /* three digits */
}

/* ---- HTTP ---- */

struct receiving {
	struct text text;
	size_t size_max;
};

static size_t body_receive(char *bytes, size_t size, size_t count, void *context)
{
	struct receiving *receiving = context;
	size_t given = size * count, room = receiving->size_max - receiving->text.size;
	text_add(&receiving->text, (str){ bytes, given < room ? given : room });
	return given <= room ? given : CURL_WRITEFUNC_ERROR; /* more than we want to read: the status is enough */
}

static struct curl_slist *headers_make(struct arena *arena, const struct net_http *request)
{
	struct curl_slist *list = NULL;
	for (size_t i = 0; i < request->header_count; i++) {
		require(!str_has(request->headers[i], S("\n")));
		require(!str_has(request->headers[i], S("\r")));
		struct curl_slist *longer = curl_slist_append(list, str_z(arena, request->headers[i]));
		require(longer); /* out of memory */
		list = longer;
	}
	return list;
}

static struct net_result http_result(const struct net *net, struct arena *arena, CURLcode code, bool refused)
{
	int status = response_code(net);
	long sent = 0;
	curl_easy_getinfo(net->curl, CURLINFO_REQUEST_SIZE, &sent);
	struct net_result result = { .status = status, .body = S(""), .detail = S("") };
	if (status >= 200) {
		result.fate = NET_ANSWERED;
		return result;
	}
	result.fate = sent > 0 ? NET_UNCERTAIN : NET_NOT_SENT;
	result.status = 0;
	result.detail = refused ? S("the address is not a public one") : failure_text(net, arena, code);
	return result;
}

static struct net_result net_http(struct net *net, struct arena *arena, const struct net_http *request)
{
	CURL *curl = net->curl;
	struct receiving receiving = { text_in(arena, request->answer_size_max + 1), request->answer_size_max };
	bool refused = false;
	curl_prepare(net, arena, request->url, request->ca_file, request->seconds_max);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, request->public_only ? "https" : "http,https");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body_receive);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &receiving);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "Kravbok/" KRAVBOK_VERSION);
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	if (request->public_only) {
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, socket_open_public);
		curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &refused);
	}
	struct curl_slist *headers = headers_make(arena, request);
	if (request->is_post) {
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)i64_from_size(request->body.size));
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body.size ? request->body.at : "");
		struct curl_slist *longer = curl_slist_append(headers, "Expect:"); /* no waiting for 100 */
		require(longer); /* out of memory */
		headers = longer;
	}
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	CURLcode code = curl_easy_perform(curl);
	struct net_result result = http_result(net, arena, code, refused);
	curl_slist_free_all(headers);
	result.body = text_str(&receiving.text);
	if (result.fate == NET_ANSWERED)
		result.detail = detail_of(arena, result.body);
	return result;
}

/* ---- mail ---- */

struct sending {
	str rest;
	bool ended; /* all of it was asked for: the server may have taken it */
	struct text replies;
};

static size_t mail_give(char *bytes, size_t size, size_t count, void *context)
{
	struct sending *sending = context;
	size_t room = size * count, part = sending->rest.size < room ? sending->rest.size : room;
	if (part)
		memcpy(bytes, sending->rest.at, part);
	sending->rest = (str){ sending->rest.at + part, sending->rest.size - part };
	sending->ended = sending->ended || !sending->rest.size;
	return part;
}

enum { REPLIES_SIZE_MAX = 64 * 1024 };

/* The server's replies, each a "header" to libcurl: the last one says why. */
static size_t reply_receive(char *bytes, size_t size, size_t count, void *context)
{
	struct sending *sending = context;
	size_t given = size * count;
	if (given > REPLIES_SIZE_MAX)
		return given;
	if (given > REPLIES_SIZE_MAX - sending->replies.size)
		text_clear(&sending->replies);
	text_add(&sending->replies, (str){ bytes, given });
	return given;
}

/* The last line the server has said with that status; its good-bye comes after it. */
static str reply_with(str replies, int status)
{
	str found = S("");
	while (replies.size) {
		str line = str_cut(replies, '\n', &replies);
		int64_t code = 0;
		if (line.size < 3)
			continue;
		err_t err = parse_i64((str){ line.at, 3 }, 200, 599, &code);
		err_free(err); /* a line that is no reply */
		if (code == status)
			found = line;
	}
	return found;
}

static struct net_result mail_result(const struct net *net, struct arena *arena, CURLcode code, const struct sending *sending)
{
	struct net_result result = { .status = response_code(net), .body = S(""), .fate = NET_ANSWERED };
	bool refused = result.status >= 400;
	result.detail = detail_of(arena, reply_with(text_str(&sending->replies), result.status));
	if (code == CURLE_OK || (refused && code != CURLE_LOGIN_DENIED))
		return result;
	result.fate = sending->ended && !refused ? NET_UNCERTAIN : NET_NOT_SENT;
	result.status = 0;
	if (!refused)
		result.detail = failure_text(net, arena, code);
	return result;
}

static struct net_result net_mail(struct net *net, struct arena *arena, const struct net_mail *mail)
{
	CURL *curl = net->curl;
	struct sending sending = { .rest = mail->message, .replies = text_in(arena, REPLIES_SIZE_MAX + 1) };
	require(!str_has(mail->from, S("\n")));
	require(!str_has(mail->to, S("\n")));
	curl_prepare(net, arena, mail->url, mail->ca_file, mail->seconds_max);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(mail->security == NET_TLS ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	if (mail->user.size) {
		curl_easy_setopt(curl, CURLOPT_USERNAME, str_z(arena, mail->user));
		curl_easy_setopt(curl, CURLOPT_PASSWORD, str_z(arena, mail->password));
	}
	struct curl_slist *to = curl_slist_append(NULL, str_format(arena, "<%.*s>", STR_ARG(mail->to)).at);
	require(to); /* out of memory */
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, str_format(arena, "<%.*s>", STR_ARG(mail->from)).at);
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, mail_give);
	curl_easy_setopt(curl, CURLOPT_READDATA, &sending);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, reply_receive);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, &sending);
	CURLcode code = curl_easy_perform(curl);
	struct net_result result = mail_result(net, arena, code, &sending);
	curl_slist_free_all(to);
	return result;
}

const struct net_module net_module = {
	.start = net_start,
	.stop = net_stop,
	.http = net_http,
	.mail = net_mail,
	.is_public = net_is_public,
};
