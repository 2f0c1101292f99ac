"""A site to look at: `make demo`. Real servers, made-up patients, gone when it ends."""
