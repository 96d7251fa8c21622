"""The floor: by hand, with bare drivers and no framework, the same durable writes for the same requests.

It writes into Athar's own tables (made by Athar's migrations), so that rows and bytes can be held against each other.
It checks nothing: no token, no rule, no sealing (a text of the same length stands where Athar seals), no retries, no
leases, no dead letters.
"""
