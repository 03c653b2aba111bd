# SPDX-License-Identifier: GPL-2.0
# The lines of contract/record.h in a log, nested or not.
s/\r$//
s/^\(# \)*\(# \(kernel\|mapping\|page\|result\) \)/\2/p
