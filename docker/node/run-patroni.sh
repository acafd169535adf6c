#!/bin/bash
# Patroni, for the supervisor. With its file moved away it waits, so that a node can be kept out of the cluster by
# `mv /etc/patroni/patroni.yml /etc/patroni/patroni.yml.disabled`; and a Patroni that ends as soon as it starts (foreign data
# directory: "system ID mismatch") is begun again, but not more than once in two seconds.
set -eu
file=/etc/patroni/patroni.yml
last=/run/postgresql/patroni.started
since=$((EPOCHSECONDS - $(stat -c %Y "$last" 2> /dev/null || echo 0)))
if [ "$since" -lt 2 ]; then sleep $((2 - since)); fi
until [ -e "$file" ]; do sleep 0.2; done
touch "$last"
exec /usr/bin/patroni "$file"
