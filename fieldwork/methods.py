"""What the method page of a closed wave is written from, for inspectors."""

from __future__ import annotations

from sqlmodel import Session

from fieldwork import plans, releases
from fieldwork.contact_facts import terms_of
from fieldwork.dispositions import participation
from fieldwork.invitation_facts import invitation_facts
from fieldwork.passages import BROKEN_OFF, EARLY, doors, passages
from fieldwork.rights import Viewer
from models.method_material import ContactCount, MethodMaterial, UnitCourse
from models.tables import Wave


def method_material(session: Session, viewer: Viewer, wave_id: int) -> MethodMaterial:
    """Return what the method page of a wave tells; reads only.

    Raises:
        NotAllowed: the viewer is no inspector.
        InputError: the wave is open, a pilot or published.
    """
    material = releases.material(session, viewer, wave_id)
    wave = session.get_one(Wave, wave_id)
    about_files = wave.subject == "file"
    terms = terms_of(session.connection(), wave_id)
    made = plans.plan(session, wave_id, material.wave.closed_at).made
    return MethodMaterial(
        release=material,
        informed_on=wave.informed_on,
        doors=tuple(wave.doors),
        most_contacts=terms.schedule.most,
        comment_threshold=wave.comment_threshold,
        contacts=tuple(ContactCount(each.day, each.invitations, each.reminders) for each in made),
        units=() if about_files else _units(session, viewer, wave_id),
        sent_by_door=() if about_files else doors(session, viewer, wave_id),
    )


def _units(session: Session, viewer: Viewer, wave_id: int) -> tuple[UnitCourse, ...]:
    facts, stops = invitation_facts(session, viewer, wave_id), passages(session, viewer, wave_id)
    return tuple(
        UnitCourse(
            unit.label,
            unit.posts,
            unit.filled,
            facts[unit.id].invitations,
            facts[unit.id].extents,
            stops[unit.id].finished,
            stops[unit.id].stops[EARLY],
            stops[unit.id].stops[BROKEN_OFF],
        )
        for unit in participation(session, viewer, wave_id).units
    )
