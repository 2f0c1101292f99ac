"""Who makes which contact: same caller as before, else whoever has most room left today.

Pure: the caller of this module says who may take what (role, department, absences, duty roster) and how much everyone
already has; this module only shares out. Work goes on being shared out when everybody is full, because a contact
without an owner is worse than a long day; those who exceed their capacity are named so that somebody can act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pool:
	"""The people a contact may go to are the same for one role in one department."""

	role: str
	department: str | None


@dataclass(frozen=True, slots=True)
class Unowned:
	"""A contact that needs an owner. `previous` are the patient's earlier callers, the latest first."""

	name: str
	pool: Pool
	patient: str
	previous: tuple[str, ...] = ()


@dataclass(slots=True)
class Load:
	"""What one person has on this day: contacts already theirs, and the number that makes a full day."""

	capacity: int
	contacts: int = 0

	@property
	def full(self) -> bool:
		return self.contacts >= self.capacity

	def share_after_one_more(self) -> float:
		return (self.contacts + 1) / self.capacity


@dataclass(slots=True)
class Assignment:
	"""`owners`: contact → person. `unowned`: contacts nobody may take. `overloaded`: people now above capacity."""

	owners: dict[str, str] = field(default_factory=dict)
	unowned: list[str] = field(default_factory=list)
	overloaded: set[str] = field(default_factory=set)


def assign(
	contacts: Iterable[Unowned], people: Mapping[Pool, Sequence[str]], loads: Mapping[str, Load]
) -> Assignment:
	"""Share out `contacts`, in the order given, among `people`.

	A patient stays with an earlier caller while that person has room, and all of a patient's contacts of this round
	go to one person; otherwise the person whose day is least full takes it (ties by name, so that the same input gives
	the same result). People without a capacity take nothing. `loads` is not changed.
	"""
	result = Assignment()
	now = {user: Load(load.capacity, load.contacts) for user, load in loads.items()}
	taken: dict[str, str] = {}
	for contact in contacts:
		candidates = [user for user in people.get(contact.pool, ()) if user in now and now[user].capacity > 0]
		if not candidates:
			result.unowned.append(contact.name)
			continue
		owner = _familiar(contact, candidates, now, taken.get(contact.patient))
		if owner is None:
			owner = min(candidates, key=lambda user: (now[user].share_after_one_more(), user))
		if now[owner].full:
			result.overloaded.add(owner)
		now[owner].contacts += 1
		taken[contact.patient] = owner
		result.owners[contact.name] = owner
	return result


def _familiar(
	contact: Unowned, candidates: Sequence[str], now: Mapping[str, Load], taken: str | None
) -> str | None:
	if taken in candidates:
		return taken
	for user in contact.previous:
		if user in candidates and not now[user].full:
			return user
	return None
