"""`make bench`: each benchmark is a module with `run(quick) -> dict`, its ratios first."""
