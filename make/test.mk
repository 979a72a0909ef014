# Tests. Everything a test needs is linked in statically, so that modules are exercised by the same sanitizers.
# One line at the end: N passed, N failed. tests/run.sh adds up what each suite says of itself.

TEST_OBJ := $(OBJ) $(MODULE_OBJ)
TEST_LIBS := -lcmocka $(LIBS) $(XML_LIBS) $(PDF_LIBS) $(PG_LIBS) $(NET_LIBS) $(WEB_LIBS)
UNIT := $(patsubst tests/unit/%.c,$(B)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
APP := $(patsubst tests/app/%.c,$(B)/tests/%,$(sort $(wildcard tests/app/test_*.c)))
CRASH := $(patsubst tests/crash/%.c,$(B)/tests/%,$(sort $(wildcard tests/crash/test_*.c)))

$(B)/tests/%: tests/unit/%.c $(TEST_OBJ)
	@mkdir -p $(@D)
	@echo "  test     $<"
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $< $(TEST_OBJ) $(TEST_LIBS)
$(B)/tests/%: tests/app/%.c tests/app/app_book.h $(TEST_OBJ)
	@mkdir -p $(@D)
	@echo "  test     $<"
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit -Itests/app $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $< $(TEST_OBJ) $(TEST_LIBS)
$(B)/tests/%: tests/crash/%.c $(TEST_OBJ)
	@mkdir -p $(@D)
	@echo "  test     $<"
	$(Q)$(CC) $(CPPFLAGS) -Itests/unit $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $< $(TEST_OBJ) $(TEST_LIBS)

# The store's tests bring a few queries of their own.
$(B)/gen-store/sql.c: $(SQL) tests/store/queries.sql $(B)/gen/sqlgen
	@mkdir -p $(@D)
	$(Q)$(B)/gen/sqlgen $(B)/gen-store $(SQL) tests/store/queries.sql
$(B)/tests/test_store: tests/store/test_store.c $(B)/gen-store/sql.c $(wildcard src/store/*.c) $(BASE)
	@mkdir -p $(@D)
	@echo "  test     $<"
	$(Q)$(CC) -I$(B)/gen-store $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $^ -lcmocka -lsqlite3 -lpq -ldl -lsodium

# A server over a handler of its own, for tests/web/http_test.py.
$(B)/tests/http_probe: tests/web/http_probe.c $(TEST_OBJ)
	@mkdir -p $(@D)
	@echo "  test     $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $< $(TEST_OBJ) $(TEST_LIBS)

TESTS := $(UNIT) $(APP) $(CRASH) $(B)/tests/test_store $(B)/tests/http_probe

# The pages are looked at in this build only: the others would show the same.
test: | test-packages
	$(Q)$(MAKE) --no-print-directory test-build $(NPM_DIR)/browser/done
	$(Q)KRAVBOK_BROWSER=$(NPM_DIR)/browser tests/run.sh $(B)

test-build: all $(TESTS)

# ---- sanitizers: the same tests, built apart ----
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
asan: | test-packages
	$(Q)$(MAKE) --no-print-directory B=$(B)-asan CC=clang-14 OPTIMIZE="-O1 -g" EXTRA_CFLAGS="$(SANITIZE)" \
		EXTRA_LDFLAGS="$(SANITIZE)" test-build
	$(Q)ASAN_OPTIONS=detect_leaks=1:detect_odr_violation=0 LSAN_OPTIONS=print_suppressions=0:suppressions=$(CURDIR)/tests/lsan.supp \
		UBSAN_OPTIONS=print_stacktrace=1 KRAVBOK_ONE_ENGINE=1 tests/run.sh $(B)-asan

# ---- coverage of the domain ----
coverage: | test-packages
	$(Q)$(MAKE) --no-print-directory B=$(B)-coverage OPTIMIZE="-O0 -g" EXTRA_CFLAGS="--coverage" \
		EXTRA_LDFLAGS="--coverage" test-build
	$(Q)KRAVBOK_SUITES=domain tests/run.sh $(B)-coverage
	$(Q)tests/coverage.sh $(B)-coverage

# ---- fuzzing: SECONDS for each parser (default 60) ----
SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all
fuzz: | test-packages
	$(Q)$(MAKE) --no-print-directory B=$(B)-fuzz CC=clang-14 OPTIMIZE="-O1 -g" \
		EXTRA_CFLAGS="-fsanitize=fuzzer-no-link $(FUZZ_FLAGS)" EXTRA_LDFLAGS="$(FUZZ_FLAGS)" fuzz-build
	$(Q)for f in $(FUZZERS); do tests/fuzz/run.sh $(B)-fuzz $$f $(SECONDS) || exit 1; done

fuzz-build: $(FUZZERS:%=$(B)/fuzz/%)
$(B)/fuzz/%: tests/fuzz/%.c $(TEST_OBJ)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -fsanitize=fuzzer $(FUZZ_FLAGS) -rdynamic -o $@ $< $(TEST_OBJ) $(TEST_LIBS)

.PHONY: test-build coverage fuzz-build
