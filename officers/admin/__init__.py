from officers.admin import events, people, plan, places

__all__ = ["events", "people", "places", "plan"]
