"""People who are on file twice, at whatever ports and by either way: found, compared, judged."""

from officers.duplicates.finding import find, find_all
from officers.duplicates.judging import judge
from officers.duplicates.showing import of_registration

__all__ = ["find", "find_all", "judge", "of_registration"]
