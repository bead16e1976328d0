#!/bin/sh
# Assembles a root file system in $1 that runs Node, and nothing else: no shell, no package manager. Works on any Debian-like
# base whose Node is under /usr/local.
set -eu
root=$1

# The directory links of the base (/lib -> usr/lib and the like) make the loader's paths right in both.
mkdir -p "$root/usr/local/bin" "$root/usr/local/lib" "$root/etc/ssl/certs" "$root/app"
mkdir -m 1777 "$root/tmp"
for name in bin lib lib64; do
  [ -L "/$name" ] && mkdir -p "$root/usr/$name" && ln -s "usr/$name" "$root/$name"
done
cp "$(readlink -f "$(command -v node)")" "$root/usr/local/bin/node"
cp /tools/start.mjs "$root/usr/local/lib/"

# Whatever shared library Node asks for, and the loader itself; then the rest of the C and C++ libraries, which compiled
# modules such as sharp's ask for.
ldd "$root/usr/local/bin/node" >/tmp/needed
if grep 'not found' /tmp/needed; then echo "a shared library is missing in the base image" >&2; exit 1; fi
{
  grep -oE '/[^ ]+\.so[^ ]*' /tmp/needed
  dpkg-query -L libc6 libstdc++6 libgcc-s1 | grep -E '^(/usr)?/lib/[^/]+/lib[^/]+\.so\.[0-9]+$'
} | sort -u | while read -r file; do
  directory=$(readlink -f "$(dirname "$file")")
  mkdir -p "$root$directory"
  cp -L "$file" "$root$directory/"
done
cp /etc/ld.so.conf "$root/etc/" 2>/dev/null && cp -r /etc/ld.so.conf.d "$root/etc/" && ldconfig -r "$root"

# The Debian packages that it came from, where scanners look for them in an image without a package manager
# (as in distroless: https://github.com/GoogleContainerTools/distroless#debian-package-metadata).
mkdir -p "$root/var/lib/dpkg/status.d"
cp -L /etc/os-release "$root/etc/"
for package in libc6 libstdc++6 libgcc-s1 ca-certificates; do
  dpkg-query -s "$package" >"$root/var/lib/dpkg/status.d/$package" 2>/dev/null || rm "$root/var/lib/dpkg/status.d/$package"
done

# Node brings authorities of its own; the file is for those who point NODE_EXTRA_CA_CERTS at it. The slim base has none.
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true
printf 'root:x:0:0::/root:/sbin/nologin\napp:x:10001:10001::/tmp:/sbin/nologin\n' >"$root/etc/passwd"
printf 'root:x:0:\napp:x:10001:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"

# What a build or a container mounts over: made there, it would bring the moment of its making.
mkdir "$root/dev" "$root/proc" "$root/sys"
touch "$root/etc/hosts" "$root/etc/resolv.conf"

# Equal bases make equal layers: no file keeps the moment of its build.
rm -rf "$root/var/cache/ldconfig"
find "$root" -exec touch -h -d @0 {} +
