#!/bin/sh
# `barman receive-wal` for the one server of this container; the supervisor begins it again whenever it ends.
set -eu

conf=$(ls /etc/barman.d/*.conf | head -n 1)
server=$(sed -n 's/^\[\(.*\)\]$/\1/p' "$conf" | head -n 1)
conninfo=$(sed -n 's/^streaming_conninfo *= *//p' "$conf" | head -n 1)

# Asked with psql, not with Barman: a Barman that fails costs half a second of processor while the cluster boots.
# The pause keeps a receiver that cannot go on (after a recovery, until `receive-wal --reset`) from eating a core.
sleep 0.5
until psql -X -q -d "$conninfo replication=true" -c IDENTIFY_SYSTEM > /dev/null 2>&1; do sleep 0.3; done

# `barman cron` starts a receiver of its own when it finds none: then that one is the one, until it ends.
other=$(pgrep -o -u barman pg_receivewal || true)
if [ -n "$other" ]; then
    tail --pid="$other" -s 0.5 -f /dev/null
    exit 0
fi

exec barman receive-wal "$server"
