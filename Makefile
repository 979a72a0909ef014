# kravbok: run · test · bench · fuzz · asan · install. Plain GNU make; generated files and objects go to build/.
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
SHELL := /bin/bash
CC ?= gcc
B ?= build
V ?=
Q := $(if $(V),,@)
PREFIX ?= /usr/local
VERSION := 0.1.0

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpedantic -Wvla -Wformat=2 \
	-Wwrite-strings -Werror
OPTIMIZE ?= -O2 -g
CPPFLAGS := -D_GNU_SOURCE -Isrc -I$(B)/gen -DKRAVBOK_VERSION='"$(VERSION)"' -DKRAVBOK_LIBDIR='"$(PREFIX)/lib/kravbok"'
CFLAGS = -std=c11 $(OPTIMIZE) $(WARNINGS) $(EXTRA_CFLAGS) -fPIC
LDFLAGS = $(EXTRA_LDFLAGS)

# What a build and a run need, and what only tests need. `make packages` installs the first on Debian.
PACKAGES := gcc make pkg-config libc6-dev libsqlite3-dev libpq-dev libxml2-dev libcyaml-dev libyaml-dev libsodium-dev \
	libpango1.0-dev libcairo2-dev fonts-inter scdoc ca-certificates \
	libqrencode-dev libcurl4-openssl-dev libmicrohttpd-dev liboath-dev libjansson-dev libcjose-dev gettext gzip
TEST_PACKAGES := clang-14 libclang-rt-14-dev libcmocka-dev postgresql-15 postgresql-client-15 sqlite3 hledger libxml2-utils \
	poppler-utils qpdf python3 gcovr valgrind diffutils procps util-linux \
	chromium default-jre-headless nginx-light wrk zbar-tools python3-aiosmtpd openssl kannel kannel-extras

.PHONY: all run test bench fuzz asan install clean packages test-packages

# ---- build, run, test, bench ----
include make/web.mk
include make/build.mk
include make/run.mk
include make/test.mk
-include make/bench.mk

clean:
	$(Q)rm -rf $(B)
