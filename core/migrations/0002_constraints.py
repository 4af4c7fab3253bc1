"""Named constraints: the last word of both databases on the invariants of the domain.

`CONSTRAINTS` is read by a test that asks each database for every one of them by name.
"""

from tortoise import migrations

from core.db.migrating import Constraint


def unique_where(name: str, table: str, columns: str, where: str) -> Constraint:
    return _index(name, table, f"CREATE UNIQUE INDEX {name} ON {table} ({columns}) WHERE {where}")


def index_where(name: str, table: str, columns: str, where: str) -> Constraint:
    return _index(name, table, f"CREATE INDEX {name} ON {table} ({columns}) WHERE {where}")


def _index(name: str, table: str, make: str) -> Constraint:
    drop = f"DROP INDEX {name}"
    both = ("sqlite", "postgres")
    return Constraint(
        name,
        on=table,
        make={kind: [make] for kind in both},
        drop={kind: [drop] for kind in both},
    )


def check(name: str, table: str, rule: str) -> Constraint:
    """SQLite cannot add a CHECK to a table that stands, so two triggers say the same."""
    refuse = f"SELECT RAISE(ABORT, '{name}')"
    triggers = {
        trigger: f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} "
        f"WHEN NOT ({_of_new(rule)}) BEGIN {refuse}; END"
        for trigger, event in _events(name)
    }
    return _added(name, table, f"CHECK ({rule})", triggers)


def no_overlap(name: str, table: str, owner: str, live: str) -> Constraint:
    """No two live rows of one owner may overlap in time (half-open intervals)."""
    refuse = (
        f"SELECT RAISE(ABORT, '{name}') WHERE EXISTS (SELECT 1 FROM {table} AS other "
        f"WHERE other.{owner} = NEW.{owner} AND other.id <> NEW.id "
        f"AND {live.replace('state', 'other.state')} "
        "AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)"
    )
    triggers = {
        trigger: f"CREATE TRIGGER {trigger} AFTER {event} ON {table} WHEN {_of_new(live)} "
        f"BEGIN {refuse}; END"
        for trigger, event in _events(name)
    }
    rule = (
        f"EXCLUDE USING gist (int8range({owner}, {owner}, '[]') WITH &&, "
        f"tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE ({live})"
    )
    return _added(name, table, rule, triggers)


def _events(name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (name, "INSERT"), (f"{name}_update", "UPDATE")


def _added(name: str, table: str, rule: str, triggers: dict[str, str]) -> Constraint:
    """Return a constraint of PostgreSQL that SQLite keeps by triggers."""
    return Constraint(
        name,
        on=table,
        make={
            "sqlite": list(triggers.values()),
            "postgres": [f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}"],
        },
        drop={
            "sqlite": [f"DROP TRIGGER {trigger}" for trigger in triggers],
            "postgres": [f"ALTER TABLE {table} DROP CONSTRAINT {name}"],
        },
        triggers=tuple(triggers),
    )


def _of_new(rule: str) -> str:
    """Prefix the column names of a rule with NEW for a trigger."""
    keywords = {"IN", "OR", "AND", "NOT", "NULL", "IS"}
    words, quoted = [], False
    for word in rule.replace("(", " ( ").replace(")", " ) ").split():
        is_column = word[0].isalpha() and word not in keywords and not quoted
        words.append(f"NEW.{word}" if is_column else word)
    return " ".join(words)


CONSTRAINTS = [
    # 1: a seat is booked once, and no two active slots of one therapist overlap.
    unique_where("booking_one_per_seat", "booking", "seat_id", "state = 'booked'"),
    no_overlap("slot_no_overlap", "slot", "therapist_id", "state = 'active'"),
    no_overlap("booking_patient_no_overlap", "booking", "person_id", "state = 'booked'"),
    check("slot_ends_after_start", "slot", "ends_at > starts_at"),
    check("booking_ends_after_start", "booking", "ends_at > starts_at"),
    check(
        "seat_state_known",
        "seat",
        "state IN ( 'open' , 'held' , 'booked' , 'attended' , 'missed' , 'blocked' )",
    ),
    # 2: every hold has an end.
    check("seat_hold_has_end", "seat", "state <> 'held' OR held_until IS NOT NULL"),
    check("place_hold_has_end", "place", "state <> 'held' OR held_until IS NOT NULL"),
    check("place_state_known", "place", "state IN ( 'free' , 'held' , 'trial' , 'taken' )"),
    # 3: one live offer per person and kind.
    unique_where("offer_one_live_per_kind", "offer", "person_id, kind", "state = 'live'"),
    # 5: a place is in use for one request at most, and never without one.
    check("place_use_has_request", "place", "state = 'free' OR request_id IS NOT NULL"),
    # 8: one open escalation per conversation.
    unique_where("escalation_one_open", "escalation", "conversation_id", "state <> 'closed'"),
    check(
        "escalation_ended_by_human",
        "escalation",
        "( state <> 'acknowledged' OR acknowledged_by_id IS NOT NULL ) "
        "AND ( state <> 'closed' OR closed_by_id IS NOT NULL )",
    ),
    # One open task about one thing, also when two workers see the need at once.
    unique_where("task_one_open", "task", "subject_table, subject_id, kind", "state <> 'done'"),
    # Work that is due is found without walking what is done.
    index_where("outbox_due", "outbox", "due_at, id", "state IN ('due', 'sending')"),
    index_where("task_open", "task", "due_at, id", "state <> 'done'"),
    index_where("audit_unsealed", "audit", "id", "n IS NULL"),
    index_where("seat_open_by_therapist", "seat", "therapist_id, starts_at", "state <> 'booked'"),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    initial = False
    operations = [*CONSTRAINTS]
