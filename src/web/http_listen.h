/* The socket to listen on: handed over by the system, or our own. */
#ifndef KRAVBOK_WEB_HTTP_LISTEN_H
#define KRAVBOK_WEB_HTTP_LISTEN_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct http_listen {
	int fd;
	uint16_t port;  /* 0: a local socket */
	bool is_handed; /* by the system, which goes on with it when we are gone */
};

/* The first socket of LISTEN_FDS when it is meant for this process (the variables are then taken away, so that no child
 * thinks they are its own); else a new one on address and port, or with next_free_port one of the 20 after it. The
 * caller closes it. ERR_OUTSIDE: the port is taken, the address is not ours. */
err_t http_listen_open(const char *address, uint16_t port, bool next_free_port, struct http_listen *ret_listen) MUST_CHECK;

struct sockaddr;
/* Of a connection's other end, as text into buffer ("unix" for a local socket). *ret_is_local: on this machine. */
enum { HTTP_ADDRESS_SIZE = 46 };
void http_listen_peer(const struct sockaddr *address, char buffer[HTTP_ADDRESS_SIZE], bool *ret_is_local);

#endif
