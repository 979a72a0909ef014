#include "web/http_listen.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, FURTHER_PORTS = 20, FIRST_HANDED_FD = 3 };

static uint16_t port_of(int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t size = sizeof address;
	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return 0;
	if (address.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&address)->sin_port);
	return address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port) : 0;
}

/* True and *ret_count: the system has handed over so many sockets. */
static bool handed_count(int64_t *ret_count)
{
	const char *pid_text = getenv("LISTEN_PID"), *count_text = getenv("LISTEN_FDS");
	int64_t pid = 0;
	if (!pid_text || !count_text)
		return false;
	err_t err = parse_i64(str_from_z(pid_text), 1, INT32_MAX, &pid);
	if (!err)
		err = parse_i64(str_from_z(count_text), 1, 1024, ret_count);
	bool is_ours = !err && pid == getpid();
	err_free(err);
	return is_ours;
}

static err_t handed_take(struct http_listen *ret_listen)
{
	int flags = fcntl(FIRST_HANDED_FD, F_GETFL);
	int is_listening = 0;
	socklen_t size = sizeof is_listening;
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (getsockopt(FIRST_HANDED_FD, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) != 0 || !is_listening)
		return fail(ERR_OUTSIDE, "the first file of LISTEN_FDS is not a listening socket");
	if (fcntl(FIRST_HANDED_FD, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(FIRST_HANDED_FD, F_SETFD, FD_CLOEXEC) != 0)
		return fail(ERR_OUTSIDE, "could not use the socket of LISTEN_FDS: %s", strerror(errno));
	*ret_listen = (struct http_listen){ FIRST_HANDED_FD, port_of(FIRST_HANDED_FD), true };
	return OK;
}

/* A listening socket, or -1 and errno. */
static int socket_listen(const struct addrinfo *info)
{
	int fd = socket(info->ai_family, info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, info->ai_protocol);
	int yes = 1;
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
		bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return -1;
}

err_t http_listen_open(const char *address, uint16_t port, bool next_free_port, struct http_listen *ret_listen)
{
	int64_t count = 0;
	if (handed_count(&count))
		return handed_take(ret_listen);
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
	int last = next_free_port && port ? port + FURTHER_PORTS : port;
	int why = 0;
	for (int no = port; no <= last && no <= UINT16_MAX; no++) {
		char service[8];
		snprintf(service, sizeof service, "%d", no);
		struct addrinfo *info = NULL;
		int code = getaddrinfo(address, service, &hints, &info);
		if (code)
			return fail(ERR_OUTSIDE, "could not listen on '%s': %s", address, gai_strerror(code));
		int fd = socket_listen(info);
		why = errno;
		freeaddrinfo(info);
		if (fd >= 0) {
			*ret_listen = (struct http_listen){ fd, port_of(fd), false };
			return OK;
		}
		if (why != EADDRINUSE)
			break;
	}
	return fail(ERR_OUTSIDE, "could not listen on '%s' port %u: %s", address, port, strerror(why));
}

static bool is_mapped(const struct in6_addr *address)
{
	return IN6_IS_ADDR_V4MAPPED(address);
}

void http_listen_peer(const struct sockaddr *address, char buffer[HTTP_ADDRESS_SIZE], bool *ret_is_local)
{
	struct sockaddr_in v4 = { 0 };
	struct sockaddr_in6 v6 = { 0 };
	snprintf(buffer, HTTP_ADDRESS_SIZE, "unix");
	*ret_is_local = true;
	if (address && address->sa_family == AF_INET6) {
		memcpy(&v6, address, sizeof v6); /* the family says its size */
		if (!is_mapped(&v6.sin6_addr)) {
			inet_ntop(AF_INET6, &v6.sin6_addr, buffer, HTTP_ADDRESS_SIZE);
			*ret_is_local = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
			return;
		}
		memcpy(&v4.sin_addr, &v6.sin6_addr.s6_addr[12], sizeof v4.sin_addr);
	} else if (address && address->sa_family == AF_INET) {
		memcpy(&v4, address, sizeof v4);
	} else {
		return;
	}
	inet_ntop(AF_INET, &v4.sin_addr, buffer, HTTP_ADDRESS_SIZE);
	*ret_is_local = ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}
