#!/bin/sh
# Assembles a root file system in $1 that runs the interpreter and the virtual environment, and nothing else:
# no shell, no package manager. Works on any Debian-like base whose interpreter is under /usr/local.
set -eu
root=$1
venv=/opt/venv
library=$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
interpreter=$(readlink -f "$(command -v python)")

# The directory links of the base (/lib -> usr/lib and the like) make the loader's paths right in both.
mkdir -p "$root/usr" "$root/etc/ssl/certs" "$root/app" "$root/var/cache/python"
mkdir -m 1777 "$root/tmp"
for name in bin lib lib64; do
  [ -L "/$name" ] && mkdir -p "$root/usr/$name" && ln -s "usr/$name" "$root/$name"
done

# Interpreter and standard library, without what a server never imports.
mkdir -p "$root/usr/local/bin" "$root$library"
cp "$interpreter" "$root/usr/local/bin/"
for name in python python3; do ln -s "$(basename "$interpreter")" "$root/usr/local/bin/$name"; done
tar -c -C "$library" --exclude=__pycache__ --exclude=site-packages --exclude=dist-packages --exclude='config-*' \
  --exclude=./test --exclude=./idlelib --exclude=./tkinter --exclude=./turtle.py --exclude=./turtledemo \
  --exclude=./ensurepip --exclude=./lib2to3 --exclude=./pydoc_data --exclude=./_pyrepl --exclude=./sqlite3 \
  --exclude='_test*.so' --exclude='_tkinter*.so' --exclude='_curses*.so' --exclude='readline*.so' \
  --exclude='_sqlite3*.so' --exclude='_dbm*.so' --exclude='_gdbm*.so' --exclude='xx*.so' . | tar -x -C "$root$library"

# The virtual environment. Its activation scripts and console scripts want a shell or a path we do not have; uv's own lock
# is a file that everybody may write. FastAPI imports pydantic.v1, if it is there, to refuse models that are made with it.
mkdir -p "$root$venv"
tar -c -C "$venv" --exclude=__pycache__ --exclude='bin/activate*' --exclude='bin/deactivate*' \
  --exclude='*.c' --exclude='*.pyx' --exclude='*.h' --exclude=./.lock \
  --exclude=pydantic/v1 . | tar -x -C "$root$venv"
find "$root$venv/bin" -type f -delete

# The largest single saving: debugging symbols.
find "$root" -type f \( -name '*.so' -o -name '*.so.*' \) -exec strip --strip-unneeded {} +

# Whatever shared library all of these ask for, and the loader itself. ldd names what is missing, too: then we stop.
find "$root" -type f \( -name '*.so' -o -name '*.so.*' -o -path '*/bin/python*' \) -exec ldd {} + >/tmp/needed 2>/dev/null || true
if grep 'not found' /tmp/needed; then echo "a shared library is missing in the base image" >&2; exit 1; fi
grep -oE '/[^ ]+\.so[^ ]*' /tmp/needed | grep -v ':$' | sort -u | while read -r file; do
  case $file in "$root"*) continue ;; esac
  directory=$(readlink -f "$(dirname "$file")")
  mkdir -p "$root$directory"
  cp -L "$file" "$root$directory/"
done
cp /etc/ld.so.conf "$root/etc/" 2>/dev/null && cp -r /etc/ld.so.conf.d "$root/etc/" && ldconfig -r "$root"

# The Debian packages that all of it came from, where scanners look for them in an image without a package manager
# (as in distroless: https://github.com/GoogleContainerTools/distroless#debian-package-metadata).
mkdir -p "$root/var/lib/dpkg/status.d"
cp -L /etc/os-release "$root/etc/"
packages=$(grep -oE '/[^ ]+\.so[^ ]*' /tmp/needed | grep -v ':$' | sort -u | while read -r file; do
  # Its files are known to dpkg by one of these, as /lib has moved below /usr.
  for name in "$file" "/usr$file" "${file#/usr}" "$(readlink -f "$file")"; do dpkg-query -S "$name" 2>/dev/null || true; done
done | grep -v '^diversion by ' | sed 's/: .*//; s/, /\n/g' | sort -u)
for package in $packages ca-certificates; do
  dpkg-query -s "$package" >"$root/var/lib/dpkg/status.d/${package%%:*}"
done

cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
printf 'root:x:0:0::/root:/sbin/nologin\ntodo:x:10001:10001::/tmp:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\ntodo:x:10001:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"

# What a build or a container mounts over: made there, it would bring the moment of its making.
mkdir "$root/dev" "$root/proc" "$root/sys"
touch "$root/etc/hosts" "$root/etc/resolv.conf"

# Equal sources make equal layers: no file keeps the moment of its build. Bytecode names its source by that moment too.
rm -rf "$root/var/cache/ldconfig"
find "$root" -exec touch -h -d @0 {} +
