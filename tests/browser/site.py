#!/usr/bin/env python3
"""A server on a demo book for the browser's tests. Prints one line of JSON about itself, then does what it is told line by line
on its standard input: {"sql": "…"} answers with rows, {"command": ["night", …]} runs the program, {"code": [case, letter]} tells
the code of a letter. Until its input ends."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "web"))

from routetable import FREE, ROLES, Scene                                        # noqa: E402
from website import Site                                                         # noqa: E402

# Who looks at a page of several: the one who sees most of it.
LOOKS_FIRST = ("stranger", "debtor", "client_admin", "manager", "handler", "admin", "client_clerk", "client_reader", "auditor")


def pages(scene):
    found = []
    for route in scene.routes:
        if route.is_page:
            role = next(name for name in LOOKS_FIRST if name in route.who)
            found.append({"name": route.pattern, "path": scene.path(route), "role": role})
    return found


def told(site, order):
    if "sql" in order:
        return site.sql(order["sql"])
    if "command" in order:
        return site.command(*order["command"])
    return site.letter_code(*order["code"])


def main():
    site = Site(settings=FREE)
    try:
        scene = Scene(site)
        sessions = {name: scene.role(name).cookie for name in ROLES}
        print(json.dumps({"url": "http://127.0.0.1:%d" % site.port, "pages": pages(scene), "sessions": sessions, "case": scene.case,
                          "debtor": scene.debtor, "other_case": scene.other_case}), flush=True)
        for line in sys.stdin:
            try:
                print(json.dumps({"ok": told(site, json.loads(line))}), flush=True)
            except Exception as error:                                           # the asker says what failed
                print(json.dumps({"error": str(error)}), flush=True)
    finally:
        site.close()


if __name__ == "__main__":
    main()
