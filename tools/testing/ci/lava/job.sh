#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Starts the daemons of the lab, in its root, and runs one job. See lab.sh.
# shellcheck source=tools/testing/ci/lava/inside.sh
. /lab/inside.sh
cd /lab/out
rm -f ./*.log job.yaml results.txt

die()
{
	echo "lab.sh: $*" >&2
	exit 4
}

# daemon NAME COMMAND...: its output goes to NAME.log
daemon()
{
	{ "${@:2}" >"$1.log" 2>&1 </dev/null || true; echo "ended: $1" >>ended.log; } &
}

# said FILE PATTERN: waits for a line in a log; every daemon must live until then
said()
{
	local line
	read -r line < <(tail -q -n +1 -F "$1" ended.log 2>/dev/null | grep --line-buffered -e "$2" -e '^ended: ')
	[[ $line != ended:* ]] || die "$line: $(tail -n 3 "${line#ended: }.log")"
}

cli()
{
	lavacli --uri http://admin:lab@127.0.0.1:8000/RPC2 "$@"
}

# The guest's name of the host serves for the host itself, too.
ip address add 10.0.2.2/32 dev lo
daemon files python3 -m http.server -d /srv 8080
daemon server gunicorn3 lava_server.wsgi -u lavaserver -g lavaserver --worker-class eventlet --workers 2 \
	--bind 127.0.0.1:8000 --timeout 300
said server.log 'Listening at'
# Its log has every event.
daemon publisher lava-server manage lava-publisher --level DEBUG --log-file - --host 127.0.0.1
said publisher.log 'waiting for events'
daemon worker lava-worker --level DEBUG --log-file - --name lab --url http://127.0.0.1:8000 \
	--ws-url http://127.0.0.1:8001/ws/ --ping-interval 5
said publisher.log '"hostname": "lab",.*"state": "Online"'
id=$(cli jobs submit /lab/submitted.yaml)
[[ $id =~ ^[0-9]+$ ]] || die "the job was not taken: $id"
# The scheduler looks when it starts and every 20 s: it comes last, and finds a worker and a job.
daemon scheduler lava-server manage lava-scheduler --level DEBUG --log-file - --event-url tcp://127.0.0.1:5500
said publisher.log "\"state\": \"Finished\", \"job\": $id,"

cli jobs logs --raw "$id" >job.log || true
cli jobs show "$id" --yaml >job.yaml
cli results "$id" >results.txt
grep -q '^health: Complete' job.yaml || { echo "lab.sh: the job is not complete"; exit 1; }
