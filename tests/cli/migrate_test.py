#!/usr/bin/env python3
"""A book of an older version, brought up to date by `kravbok init`: the same tables and indexes as a new one, nothing lost.

There is no old program here, so today's book is taken back to what the old version had: its tables by name, without what came
later."""

import os
import sqlite3
import subprocess
import sys
from datetime import date

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.dirname(HERE), HERE]
import kravbok_cli as cli                                                        # noqa: E402
from transfer_test import equal, lived, refused                                  # noqa: E402

DAY = date(2026, 3, 10)
VERSION_1 = """setting night_gap client terms debtor debtor_ident claim_invoice claim_kid claim_group claim fact event case_state outbox
letter_batch file file_part payment receipt payment_hold client_due refund_due settlement_run settlement settlement_line payout
voucher voucher_line account_day statement""".split()


def script(book, text):
    if book.postgres:
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", book.url, "-c", text], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return
    with sqlite3.connect(book.url.partition(":")[2]) as connection:
        connection.executescript(text)


def rows(book, sqlite, postgres):
    if book.postgres:
        done = subprocess.run(["psql", "-X", "-At", book.url, "-c", postgres], check=True, capture_output=True)
        return sorted(done.stdout.decode().split("\n")[:-1])
    with sqlite3.connect(book.url.partition(":")[2]) as connection:
        return sorted("|".join(map(str, row)) for row in connection.execute(sqlite))


def structure(book):
    return rows(book, "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
                .replace("sql FROM", "replace(replace(sql, ' IF NOT EXISTS', ''), '\"', '') FROM"),
                "SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns "
                "WHERE table_schema = 'public' UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")


def tables(book):
    return rows(book, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def back_to_version_1(book):
    drop = "; ".join("DROP TABLE %s" % table for table in tables(book) if table not in VERSION_1)
    script(book, drop + "; DROP INDEX claim_client; DELETE FROM claim_group WHERE case_id IN (SELECT case_id FROM claim WHERE "
           "alone = 1); UPDATE setting SET value = '1' WHERE name = 'schema_version'")


class World:
    def __init__(self, postgres):
        self.book = lived(postgres)


def a_book_of_version_1_becomes_one_of_today(world):
    book = world.book
    wanted, money = structure(book), book.do("ledger", "balance", today=DAY)
    groups = rows(book, *["SELECT debtor_id, client_no, case_id FROM claim_group"] * 2)
    back_to_version_1(book)
    refused(book, "the book is of version 1, this program needs", "case", "list")
    book.do("init", today=DAY)
    equal(structure(book), wanted, "tables and indexes")
    equal(book.do("ledger", "balance", today=DAY), money, "trial balance")
    equal(rows(book, *["SELECT debtor_id, client_no, case_id FROM claim_group"] * 2), groups, "claim_group")
    equal(book.run("verify", today=DAY, as_json=False), (0, "", ""), "verify")
    book.do("init", today=DAY)                                    # and once more: nothing to do


if __name__ == "__main__":
    sys.exit(cli.run_tests("migrate", [a_book_of_version_1_becomes_one_of_today], World))
