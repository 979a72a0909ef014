/* That a broken precondition ends the program: tried in a child, so that the test lives on. */
#ifndef KRAVBOK_TESTS_PANICS_H
#define KRAVBOK_TESTS_PANICS_H

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static inline bool panics(void (*call)(void))
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		struct rlimit no_core = { 0, 0 };
		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGABRT, SIG_DFL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(2);
		call();
		_exit(0);
	}
	int status = 0;
	return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

#define assert_panics(call)                              \
	do {                                             \
		if (!panics(call))                       \
			fail_msg("%s went on", #call);   \
	} while (0)

#endif
