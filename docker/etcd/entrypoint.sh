#!/bin/bash
# ETCD_NAME and ETCD_INITIAL_CLUSTER (etcd's own variables) say who this member is and who its peers are.
set -eu
: "${ETCD_NAME:?}" "${ETCD_INITIAL_CLUSTER:?}"

# etcd resolves its peers once while it starts, and waits long before it tries again: start it only when all names are there.
for peer in $(tr ',' '\n' <<< "$ETCD_INITIAL_CLUSTER" | sed 's#^.*://##; s#:.*$##'); do
    until getent hosts "$peer" > /dev/null; do sleep 0.05; done
done

# (A new member asks each peer, 1 s at most, whether the cluster is there already: peers that start together listen and do not
# answer yet. Starting them one after another saves these 2 s, but then a leader is elected before all are there, fixes the
# cluster version at 3.0 for the next 5 s, and Patroni refuses that: "Detected Etcd version 3.0.0 is lower than 3.1.0".)

# Heartbeat and election: for one machine, not for a wide network (etcd documentation, "Tuning"). No fsync: the data lives
# no longer than the cluster. The same flags on 3.4 and 3.5.
exec etcd \
    --data-dir /var/lib/etcd/data \
    --listen-client-urls http://0.0.0.0:2379 \
    --advertise-client-urls "http://$ETCD_NAME:2379" \
    --listen-peer-urls http://0.0.0.0:2380 \
    --initial-advertise-peer-urls "http://$ETCD_NAME:2380" \
    --heartbeat-interval 50 \
    --election-timeout 300 \
    --unsafe-no-fsync \
    --logger zap \
    --log-outputs stderr
