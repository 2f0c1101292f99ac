"""One file per message service: its protocol, its error table with the page that documents it, its callbacks."""
