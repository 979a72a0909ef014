# Speed beside the floors (bench/, docs/performance.md). `make bench` is 10 k and 100 k claims; SIZES="10000 1000000" for
# others. `make bench-small` is for .ci/run: 10 k, fails at twice a goal, and instruction counts.
BENCH_PROGRAMS := $(addprefix $(B)/bench/,gen floor_sqlite floor_ocr floor_letters floor_interest floor_postgres \
	floor_http interest parse single)
SIZES ?= 10000 100000
ROUNDS ?= 5

bench: bench-build
	$(Q)bench/run.py --build $(B) --rounds $(ROUNDS) $(SIZES)

bench-small: bench-build
	$(Q)bench/run.py --build $(B) --rounds 3 --gate 2 --instructions 10000

# Pages and connections, by wrk; the debtor's page and the client's list beside the floor's page.
bench-web: bench-build
	$(Q)bench/web.py --build $(B) --rounds $(ROUNDS) $(SIZES)

bench-build: all $(BENCH_PROGRAMS)

.PHONY: bench bench-web bench-small bench-build

$(B)/bench/%: bench/%.c bench/floor.h
	@mkdir -p $(@D)
	@echo "  bench    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lsqlite3
$(B)/bench/floor_letters: bench/floor_letters.c bench/floor.h
	@mkdir -p $(@D)
	@echo "  bench    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(PDF_LIBS) -lgobject-2.0
$(B)/bench/floor_postgres: bench/floor_postgres.c bench/floor.h
	@mkdir -p $(@D)
	@echo "  bench    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(PG_LIBS)
$(B)/bench/floor_http: bench/floor_http.c bench/floor.h
	@mkdir -p $(@D)
	@echo "  bench    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< -lsqlite3 $(WEB_LIBS)
$(B)/bench/parse $(B)/bench/single: $(B)/bench/%: bench/%.c bench/floor.h $(OBJ)
	@mkdir -p $(@D)
	@echo "  bench    $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -rdynamic -o $@ $< $(OBJ) $(LIBS)
$(B)/bench/interest: bench/floor_interest.c bench/floor.h $(OBJ)
	@mkdir -p $(@D)
	@echo "  bench    $< (product)"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -DPRODUCT $(LDFLAGS) -rdynamic -o $@ $< $(OBJ) $(LIBS)
