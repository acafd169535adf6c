#!/bin/bash
# Files are put into the created container before its start (docker/README.md); owner and mode are set here, so that
# they can be copied in by anyone. Then the supervisor becomes PID 1.
set -eu

release=$(ls /usr/lib/postgresql)
install -d -o postgres -g postgres -m 0755 /var/lib/postgresql "/var/lib/postgresql/$release" /var/log/postgresql
install -d -o postgres -g postgres -m 2775 /run/postgresql
install -d -o postgres -g postgres -m 0700 /run/barman-ssh

# A socket of the last life of this container would make ssh wait for a master that is gone.
rm -f /run/barman-ssh/* /run/supervisor.sock

# Not there from the start, yet wanted by `tail -f /var/log/postgresql/*.log`.
[ -e /var/log/postgresql/postgresql.log ] || install -o postgres -g postgres -m 0640 /dev/null /var/log/postgresql/postgresql.log

chown -R postgres:postgres /etc/patroni /etc/pgdrill
chmod 0755 /etc/patroni /etc/pgdrill
find /etc/patroni /etc/pgdrill -type f -exec chmod 0600 {} +

# Patroni that finds no usable etcd at its start waits 5 s before it asks again (patroni/dcs/etcd.py). All containers start at
# once, so wait here until etcd is healthy and its members have agreed on a cluster version (until then 3.0, which Patroni
# refuses), for 10 s at most: with etcd down for good, Patroni's own behaviour is what is wanted.
answer() {
    exec 3<> "/dev/tcp/${1%:*}/${1##*:}" || return 1
    printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&3
    grep -Eq "$3" <&3
} 2> /dev/null
usable() { answer "$1" /health '"health":"true"' && answer "$1" /version '"etcdcluster":"3\.[1-9]'; }
hosts=$(sed -n '/^etcd3:/,/^[a-z]*:$/ { s/.*hosts: *\[\(.*\)\].*/\1/p }' /etc/patroni/patroni.yml 2> /dev/null | tr -d " '\"" | tr ',' ' ')
until=$((SECONDS + 10))
while [ -n "$hosts" ] && [ $SECONDS -lt $until ]; do
    for host in $hosts; do
        if (usable "$host"); then break 2; fi
    done
    sleep 0.05
done

# Supervisor starts its programs only when its loop turns for the first time, and that waits for an event or for a second:
# a connection to its socket is an event.
perl -MIO::Socket::UNIX -e 'select undef, undef, undef, 0.01 until IO::Socket::UNIX->new("/run/supervisor.sock")' &

exec /usr/bin/supervisord -n -c /etc/supervisor/supervisord.conf
