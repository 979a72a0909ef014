"""The files of deploy/ as the programs that read them see them: nginx -t, systemd-analyze verify and security. A program
that is not there is skipped, and said so. Python standard library only."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEPLOY = os.path.join(ROOT, "deploy")
EXPOSURE_MAX = 2.0


class Skipped(Exception):
    pass


def program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise Skipped("%s is not installed" % name)
    return found


def run(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60)
    return done.returncode, done.stdout


def text_of(name):
    with open(os.path.join(DEPLOY, name)) as f:
        return f.read()


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def nginx_takes_the_site(folder):
    nginx, openssl = program("nginx"), program("openssl")
    status, said = run(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                       "-subj", "/CN=kravbok.example", "-keyout", folder + "/key.pem", "-out", folder + "/fullchain.pem")
    assert status == 0, said
    text = text_of("nginx.conf").replace("/etc/ssl/kravbok", folder)
    # Ports of the system are for root, and may be taken.
    site = write(folder, "site.conf", re.sub(r"listen (80|443)\b", r"listen unix:%s/\1" % folder, text))
    main = write(folder, "nginx.conf", "pid %s/pid;\nerror_log stderr;\nevents {}\nhttp {\n\taccess_log off;\n\tinclude %s;\n}\n" %
                 (folder, site))
    status, said = run(nginx, "-t", "-q", "-p", folder, "-e", "stderr", "-c", main)
    assert status == 0 and "warn" not in said, said


def the_proxy_says_itself_who_came(_):
    site = text_of("nginx.conf")
    assert "$proxy_add_x_forwarded_for" not in site
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in site and "proxy_set_header X-Forwarded-Proto https;" in site
    inside = re.findall(r"location [^{]*\{([^}]*)\}", site)
    assert inside and not any("proxy_set_header" in one or "add_header" in one for one in inside), \
        "a location with one of its own loses those of the server"


def units(folder):
    """Copies whose program is one that is there."""
    built = os.environ.get("KRAVBOK_BIN") or os.path.join(ROOT, "build", "kravbok")
    service = text_of("kravbok.service").replace("/usr/local/bin/kravbok", built)
    service = re.sub(r"^(User|Group)=.*\n", "", service, flags=re.M)            # made on the server only
    return [write(folder, "kravbok.service", service), write(folder, "kravbok.socket", text_of("kravbok.socket"))]


def systemd_takes_the_units(folder):
    analyze = program("systemd-analyze")
    status, said = run(analyze, "verify", "--man=no", *units(folder))
    ours = [line for line in said.splitlines() if "kravbok" in line]
    assert status == 0 and not ours, said


def the_service_is_shut_in(folder):
    analyze = program("systemd-analyze")
    path = write(folder, "kravbok.service", text_of("kravbok.service"))
    _, said = run(analyze, "--no-pager", "--offline=true", "security", path)
    found = re.search(r"exposure level for kravbok\.service: ([0-9.]+)", said)
    assert found, said
    assert float(found[1]) < EXPOSURE_MAX, said


def main():
    passed = failed = 0
    for test in (nginx_takes_the_site, the_proxy_says_itself_who_came, systemd_takes_the_units, the_service_is_shut_in):
        folder = tempfile.mkdtemp(prefix="kravbok-deploy-")
        try:
            test(folder)
            passed += 1
        except Skipped as why:
            print("SKIP: %s: %s" % (test.__name__, why))
        except Exception:                                                        # a test says why and the rest go on
            failed += 1
            print("FAILED %s" % test.__name__)
            traceback.print_exc(limit=3, file=sys.stdout)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print("deploy: %d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
