/* How SQLite's files are written: in long stretches. SQLite hands over a page at a time, and for its log a header of 24 bytes
 * before each; a call of the system for each of these is a sixth of a night. Here neighbours are gathered and written
 * together when SQLite asks for them to be on disk, or anybody could look. */
#ifndef KRAVBOK_STORE_SQLITE_FILE_H
#define KRAVBOK_STORE_SQLITE_FILE_H

/* The name of it for sqlite3_open_v2(), made known to SQLite by the first call, whichever thread makes it; NULL when that cannot
 * be done (SQLite's own way then serves as well). */
const char *sqlite_file_vfs(void);

#endif
