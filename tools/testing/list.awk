# SPDX-License-Identifier: GPL-2.0
# Turns the listing of a kselftest harness program (-l), which puts a fixture's variants and its
# tests side by side in columns, into the tests' names.

function flush_fixture(   v, t) {
	for (v = 1; v <= nv; v++)
		for (t = 1; t <= nt; t++)
			print "  " program ":" fixture "." variant[v] "." test[t]
	for (t = 1; !nv && t <= nt; t++)
		print "  " program ":" fixture "." test[t]
	nv = nt = 0
	fixture = ""
}

/^# FIXTURE|^Bail out!/ { next }
/^---/ { flush_fixture(); next }
{
	name = substr($0, 1, 20); gsub(/ /, "", name)
	v = substr($0, 22, 25); gsub(/ /, "", v)
	t = substr($0, 48); gsub(/ /, "", t)
	if (name != "") fixture = name
	if (v != "") variant[++nv] = v
	if (t != "") test[++nt] = t
}
END { flush_fixture() }
