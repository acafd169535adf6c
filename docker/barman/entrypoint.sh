#!/bin/sh
# Files are put into the created container before its start (docker/README.md); owner and mode are set here, so that
# they can be copied in by anyone. Then the supervisor becomes PID 1.
set -eu

release=$(ls /usr/lib/postgresql)
install -d -o barman -g barman -m 0755 /var/lib/barman /var/log/barman
install -d -m 0755 /run/sshd
rm -f /run/supervisor.sock

# Barman makes a server's folders at its first contact; an archive_command that comes earlier would fail, and after three
# failures the archiver waits a minute.
for conf in /etc/barman.d/*.conf; do
    server=$(sed -n 's/^\[\(.*\)\]$/\1/p' "$conf" | head -n 1)
    install -d -o barman -g barman -m 0755 "/var/lib/barman/$server"
    install -d -o barman -g barman -m 0700 "/var/lib/barman/$server/incoming"
done

# Each node's data directory has the same path here as in the node: `barman recover` then writes into the very path the
# node uses, and the paths that it puts into restore_command are right there too.
install -d -m 0755 "/var/lib/postgresql/$release"
for node in /nodes/*; do
    [ -d "$node" ] || continue
    ln -sfn "$node/$release/$(basename "$node")" "/var/lib/postgresql/$release/$(basename "$node")"
done

chmod 0755 /etc/pgdrill /etc/pgdrill/ssh /etc/barman.d
find /etc/barman.d -type f -exec chown root:barman {} + -exec chmod 0640 {} +
chown barman:barman /etc/pgdrill/pgpass && chmod 0600 /etc/pgdrill/pgpass
chown root:root /etc/pgdrill/ssh/* && chmod 0600 /etc/pgdrill/ssh/host_key
# Read by sshd as the user that logs in; must not be writable by others (sshd_config(5), StrictModes).
chmod 0644 /etc/pgdrill/ssh/authorized_keys

# Supervisor starts its programs only when its loop turns for the first time, and that waits for an event or for a second:
# a connection to its socket is an event.
perl -MIO::Socket::UNIX -e 'select undef, undef, undef, 0.01 until IO::Socket::UNIX->new("/run/supervisor.sock")' &

exec /usr/bin/supervisord -n -c /etc/supervisor/supervisord.conf
