/* Whether xmllint takes text by a schema of the reference folder (KRAVBOK_SHARED, default ../shared). Says SKIP loudly
 * and is true when the schema or xmllint is not there: the tests need neither. */
#ifndef KRAVBOK_TESTS_UNIT_XSD_H
#define KRAVBOK_TESTS_UNIT_XSD_H

#include "base/str.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static inline bool xsd_takes(str text, const char *schema)
{
	char path[600], command[1400], file[] = "/tmp/kravbok-xsd-XXXXXX";
	const char *shared = getenv("KRAVBOK_SHARED");
	snprintf(path, sizeof path, "%s/xsd/%s", shared ? shared : "../shared", schema);
	if (access(path, R_OK) != 0 || access("/usr/bin/xmllint", X_OK) != 0) {
		printf("SKIP: %s is not there or xmllint is not installed: the XML is not held against its schema\n", path);
		return true;
	}
	int fd = mkstemp(file);
	if (fd < 0 || write(fd, text.at, text.size) != (ssize_t)text.size || close(fd) != 0)
		return false;
	snprintf(command, sizeof command, "/usr/bin/xmllint --nonet --noout --schema '%s' '%s' 2>&1", path, file);
	int status = system(command); /* a test, with paths of its own making */
	if (status == 0)
		unlink(file);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

#endif
