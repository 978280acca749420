#!/bin/sh
# Says what part of a core the viewer takes while nothing happens, with the pointer at rest over the picture:
# "idle N" per thousand, after the run has been processed. usage: idle_by_hand.sh VIEWER RUN.dcm SECONDS
set -u
viewer=$1
run=$2
seconds=$3

# Clock ticks of the process and all its threads, in user and in system mode.
ticks() { awk '{ print $14 + $15 }' "/proc/$pid/stat"; }

"$viewer" --size 1280x720 --script "${run%.dcm}.txt" &
pid=$!
xdotool search --sync --name dsm-viewer >/dev/null
for _ in $(seq 120); do
    [ -e "${run%.dcm}.png" ] && break
    sleep 1
done
xdotool mousemove 300 300
# What follows the main pass, the picture without registration, is done when two seconds pass with little work.
before=$(ticks)
for _ in $(seq 60); do
    sleep 2
    now=$(ticks)
    [ $((now - before)) -lt 20 ] && break
    before=$now
done
xdotool mousemove 320 310
sleep 2
before=$(ticks)
sleep "$seconds"
now=$(ticks)
kill -9 "$pid"
echo "idle $(((now - before) * 1000 / ($(getconf CLK_TCK) * seconds)))"
