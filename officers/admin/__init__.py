from officers.admin import events, people, places, plan

__all__ = ["events", "people", "places", "plan"]
