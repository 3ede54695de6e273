"""The contracts: what services tell each other. The only place in `shared` where domain words occur."""
