"""HTTP in: one function per operation."""

from shared.edge import router

routes = router()
