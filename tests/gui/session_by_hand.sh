#!/bin/sh
# A reader's session with mouse and keys, under Xvfb. Leaves pictures and a film beside the run, then kills the
# viewer as a power cut would. usage: session_by_hand.sh VIEWER RUN.dcm
# Says on stderr which act failed. Waits for what an act leaves behind, not for a time, wherever it leaves a file.
set -u
viewer=$1
run=$2
beside=${run%.dcm}

fail() {
    echo "session: $1" >&2
    kill -9 "$pid" 2>/dev/null
    exit 1
}
# Repeats a key until the file is there.
key_until() {
    for _ in $(seq 60); do
        xdotool key "$1"
        sleep 1
        [ -e "$2" ] && return 0
    done
    fail "$1 left no $2"
}
drag() { # from x y to x y
    xdotool mousemove "$1" "$2"; sleep 0.6
    xdotool mousedown 1; sleep 0.6
    xdotool mousemove $((($1 + $3) / 2)) $((($2 + $4) / 2)); sleep 0.6
    xdotool mousemove "$3" "$4"; sleep 0.6
    xdotool mouseup 1; sleep 0.8
}
click() {
    xdotool mousemove "$1" "$2"; sleep 0.6
    xdotool mousedown 1; sleep 0.3
    xdotool mouseup 1; sleep 0.8
}
press() { xdotool key "$1"; sleep 0.8; }

"$viewer" --size 1280x720 &
pid=$!
xdotool search --sync --name dsm-viewer >/dev/null
sleep 2

# Open, by the palette.
press ctrl+shift+p
xdotool type --delay 60 "open $run"
sleep 1
press Return
key_until ctrl+s "${beside}_frame_1.png"

# Last frame, first frame, play and pause.
press End
key_until ctrl+s "${beside}_frame_40.png"
press Home
press space
sleep 4
press space
rm -f "${beside}"_frame_*.png
xdotool key ctrl+s; sleep 2
played=$(ls "${beside}"_frame_*.png | head -1)
[ -n "$played" ] || fail "nothing was saved after playing"
[ "$played" != "${beside}_frame_1.png" ] || fail "space did not play"

# Scrub to the middle of the timeline.
click 466 650
rm -f "${beside}"_frame_*.png
xdotool key ctrl+s; sleep 2
scrubbed=$(ls "${beside}"_frame_*.png | head -1 | sed 's/.*_frame_//; s/.png//')
[ "${scrubbed:-0}" -ge 18 ] && [ "$scrubbed" -le 23 ] || fail "scrubbing went to frame ${scrubbed:-none}"

# Window and level by a drag over the original: the picture changes.
before=$(cksum < "${beside}_frame_$scrubbed.png")
drag 150 300 260 340
rm -f "${beside}"_frame_*.png
key_until ctrl+s "${beside}_frame_$scrubbed.png"
[ "$before" != "$(cksum < "${beside}_frame_$scrubbed.png")" ] || fail "a drag did not change the window"

# Two levels, a line, an ellipse that is taken back.
press l
click 225 180
click 225 330
press Escape
press shift+l
drag 120 250 200 300
press e
drag 300 250 340 280
press ctrl+z
press Escape

# The first highlight is confirmed; the film of all of it.
press j
press y
key_until ctrl+shift+s "${beside}_film.mp4"

kill -9 "$pid"
wait "$pid" 2>/dev/null
exit 0
