"""One file per message service: its side of the protocol, with the vendor's own signer where there is one."""
