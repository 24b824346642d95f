"""Words of a profile that are no names of the definition."""

REPLY = "reply"
"""The requester writes a public reply."""

NOTHING = "nothing"
"""Nobody does anything: a timer of the definition has to move the ticket on."""

SPECIAL = (REPLY, NOTHING)
