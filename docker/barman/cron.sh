#!/bin/sh
# `barman cron` at every full minute, as its package's /etc/cron.d/barman does: no cron daemon needed for one job.
set -eu
while true; do
    sleep $((60 - $(date +%-S)))
    barman -q cron || true
done
