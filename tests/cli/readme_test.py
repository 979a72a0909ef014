#!/usr/bin/env python3
"""Runs what the documents tell a reader to run: the fences marked ```sh run of README.md and docs/*.md, in order, each
document in a scratch folder of its own that holds samples/ and finds the program in the PATH.

A command ends with exit 0, or with N when the line ends in "# exit N". A line that ends in a backslash goes on. A fence
```text shown that follows is what the commands of the fence before it print (standard output); a line that is only
"…" there stands for any number of lines. Links between the documents and pictures are checked too."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import kravbok_cli as k  # noqa: E402

FENCE = re.compile(r"^```(.*?)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def commands(body):
    """[(command, exit status)]"""
    joined = re.sub(r"\\\n\s*", "", body)
    found = []
    for line in joined.split("\n"):
        end = re.search(r"\s*# exit (\d+)$", line)
        line = line[:end.start()] if end else line
        if line.strip() and not line.lstrip().startswith("#"):
            found.append((line.strip(), int(end.group(1)) if end else 0))
    return found


def shows(pattern, printed):
    """Whether printed is what the page shows."""
    want = "".join(".*" if line.strip() == "…" else re.escape(line.rstrip()) + "\n"
                   for line in pattern.rstrip("\n").split("\n"))
    got = "".join(line.rstrip() + "\n" for line in printed.rstrip("\n").split("\n"))
    return re.fullmatch(want, got, re.S) is not None


class Page:
    def __init__(self, path, scratch):
        self.path, self.scratch, self.exports = path, scratch, ""
        self.passed = self.failed = 0

    def check(self, good, told):
        self.passed += good
        self.failed += not good
        if not good:
            print("%s: %s" % (os.path.relpath(self.path, k.ROOT), told))

    def run(self, line, status):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KRAVBOK_")}
        environment["PATH"] = os.path.dirname(k.program()) + ":" + environment["PATH"]
        done = subprocess.run(["bash", "-c", self.exports + line], cwd=self.scratch, env=environment, timeout=300,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if line.startswith("export "):
            self.exports += line + "\n"
        said = done.stderr.decode("utf-8", "replace").strip()
        self.check(done.returncode == status, "%s: exit %d: %s" % (line, done.returncode, said[:500]))
        return done.stdout.decode("utf-8", "replace")

    def links(self, text):
        for target in LINK.findall(text):
            there = os.path.exists(os.path.join(os.path.dirname(self.path), target))
            self.check(there, "links to %s, which is not there" % target)

    def play(self):
        with open(self.path, encoding="utf-8") as f:
            text = f.read()
        self.links(FENCE.sub("", text))
        printed = ""
        for info, body in FENCE.findall(text):
            if info == "sh run":
                printed = "".join(self.run(line, status) for line, status in commands(body))
            elif info == "text shown":
                self.check(shows(body, printed), "the page shows\n%sthe program\n%s" % (body, printed))


def main():
    passed = failed = 0
    pages = [os.path.join(k.ROOT, "README.md")] + sorted(glob.glob(os.path.join(k.ROOT, "docs", "*.md")))
    for path in sys.argv[1:] or pages:
        scratch = tempfile.mkdtemp(prefix="kravbok-page-")
        try:
            shutil.copytree(os.path.join(k.ROOT, "samples"), os.path.join(scratch, "samples"))
            page = Page(os.path.abspath(path), scratch)
            page.play()
            passed, failed = passed + page.passed, failed + page.failed
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    print("readme: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
