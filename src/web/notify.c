#include "web/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_service(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t size = path ? strlen(path) : 0;
	if (!size || size >= sizeof to.sun_path)
		return;
	memcpy(to.sun_path, path, size);
	if (path[0] == '@')
		to.sun_path[0] = '\0'; /* a name without a file */
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	socklen_t whole = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size); /* fits: size was checked */
	(void)!sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to, whole);
	close(fd);
}
