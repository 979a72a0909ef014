#!/bin/sh
# A throw-away PostgreSQL for tests: no network, no fsync, gone with its folder.
#
#	tests/pg.sh start DIR    makes DIR (which must not exist), starts a server in it and prints its URL
#	tests/pg.sh stop DIR     stops the server and removes DIR
#	tests/pg.sh available    status 0 when this machine can do the above
#
# The socket lies in DIR, and its path must stay under 107 bytes: give a short DIR, such as /tmp/pg.$$. PostgreSQL does
# not run as root; as root, everything is done as the user postgres, who must be able to reach DIR.
set -eu

usage() {
	echo "usage: tests/pg.sh start DIR | stop DIR | available" >&2
	exit 2
}

# The newest installed server's programs.
bin_dir() {
	for initdb in $(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V -r); do
		dirname "$initdb"
		return 0
	done
	initdb=$(command -v initdb) || return 1
	dirname "$initdb"
}

as_postgres() {
	if [ "$(id -u)" = 0 ]; then
		su postgres -s /bin/sh -c "$1"
	else
		sh -c "$1"
	fi
}

start() {
	dir=$1
	case $dir in
	/*) ;;
	*) dir=$(pwd)/$dir ;;
	esac
	if [ ${#dir} -gt 80 ]; then
		echo "pg.sh: '$dir' is too long for a socket" >&2
		exit 1
	fi
	mkdir "$dir"
	chmod 755 "$dir"
	mkdir "$dir/run"
	if [ "$(id -u)" = 0 ]; then
		chown -R postgres "$dir"
	fi
	options="-c listen_addresses= -c unix_socket_directories=$dir/run -c fsync=off -c synchronous_commit=off"
	options="$options -c full_page_writes=off -c max_connections=50"
	if ! as_postgres "cd '$dir' && '$bin/initdb' -D '$dir/data' -A trust -U kravbok --no-sync -E UTF8 \
			--locale=C.UTF-8 >'$dir/log' 2>&1 &&
			'$bin/pg_ctl' -D '$dir/data' -w -l '$dir/log' -o '$options' start >>'$dir/log' 2>&1"; then
		cat "$dir/log" >&2
		exit 1
	fi
	echo "postgresql:///postgres?host=$dir/run&user=kravbok"
}

stop() {
	dir=$1
	case $dir in
	/*) ;;
	*) dir=$(pwd)/$dir ;;
	esac
	if [ -f "$dir/data/postmaster.pid" ]; then
		as_postgres "cd '$dir' && '$bin/pg_ctl' -D '$dir/data' -m immediate stop >/dev/null"
	fi
	# Only what start made.
	if [ -f "$dir/data/PG_VERSION" ]; then
		rm -rf "$dir"
	fi
}

bin=$(bin_dir) || {
	echo "pg.sh: no PostgreSQL server is installed" >&2
	exit 1
}
if [ "$(id -u)" = 0 ] && ! id postgres >/dev/null 2>&1; then
	echo "pg.sh: there is no user postgres" >&2
	exit 1
fi
case ${1-} in
start | stop)
	[ $# = 2 ] || usage
	"$1" "$2"
	;;
available) ;;
*)
	usage
	;;
esac
