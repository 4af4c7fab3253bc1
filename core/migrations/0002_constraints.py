"""Named constraints: the last word of both databases on the invariants of the domain.

`CONSTRAINTS` is read by a test that asks each database for every one of them by name.
"""

from tortoise import migrations

from core.db.migrating import Constraint


def unique_where(name: str, table: str, columns: str, where: str) -> Constraint:
    sql = f"CREATE UNIQUE INDEX {name} ON {table} ({columns}) WHERE {where}"
    return Constraint(name, on=table, sqlite=sql, postgres=sql)


def index_where(name: str, table: str, columns: str, where: str) -> Constraint:
    sql = f"CREATE INDEX {name} ON {table} ({columns}) WHERE {where}"
    return Constraint(name, on=table, sqlite=sql, postgres=sql)


def check(name: str, table: str, rule: str) -> list[Constraint]:
    """SQLite cannot add a CHECK to a table that stands, so two triggers say the same."""
    postgres = f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule})"
    new = _of_new(rule)
    return [
        Constraint(
            f"{name}{suffix}",
            on=table,
            sqlite=f"CREATE TRIGGER {name}{suffix} BEFORE {event} ON {table} "
            f"WHEN NOT ({new}) BEGIN SELECT RAISE(ABORT, '{name}'); END",
            postgres=postgres if not suffix else "SELECT 1",
        )
        for suffix, event in (("", "INSERT"), ("_update", "UPDATE"))
    ]


def _of_new(rule: str) -> str:
    """Prefix the column names of a rule with NEW for a trigger."""
    keywords = {"IN", "OR", "AND", "NOT", "NULL", "IS"}
    words, quoted = [], False
    for word in rule.replace("(", " ( ").replace(")", " ) ").split():
        is_column = word[0].isalpha() and word not in keywords and not quoted
        words.append(f"NEW.{word}" if is_column else word)
    return " ".join(words)


def no_overlap(name: str, table: str, owner: str, live: str) -> list[Constraint]:
    """No two live rows of one owner may overlap in time (half-open intervals)."""
    new_live = _of_new(live)
    body = (
        f"SELECT RAISE(ABORT, '{name}') WHERE EXISTS (SELECT 1 FROM {table} AS other "
        f"WHERE other.{owner} = NEW.{owner} AND other.id <> NEW.id "
        f"AND {live.replace('state', 'other.state')} "
        "AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)"
    )
    postgres = (
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
        f"(int8range({owner}, {owner}, '[]') WITH &&, "
        f"tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE ({live})"
    )
    return [
        Constraint(
            f"{name}{suffix}",
            on=table,
            sqlite=f"CREATE TRIGGER {name}{suffix} AFTER {event} ON {table} WHEN {new_live} "
            f"BEGIN {body}; END",
            postgres=postgres if not suffix else "SELECT 1",
        )
        for suffix, event in (("", "INSERT"), ("_update", "UPDATE"))
    ]


CONSTRAINTS = [
    # 1: a seat is booked once, and no two active slots of one therapist overlap.
    unique_where("booking_one_per_seat", "booking", "seat_id", "state = 'booked'"),
    *no_overlap("slot_no_overlap", "slot", "therapist_id", "state = 'active'"),
    *no_overlap("booking_patient_no_overlap", "booking", "person_id", "state = 'booked'"),
    *check("slot_ends_after_start", "slot", "ends_at > starts_at"),
    *check("booking_ends_after_start", "booking", "ends_at > starts_at"),
    *check(
        "seat_state_known",
        "seat",
        "state IN ( 'open' , 'held' , 'booked' , 'attended' , 'missed' , 'blocked' )",
    ),
    # 2: every hold has an end.
    *check("seat_hold_has_end", "seat", "state <> 'held' OR held_until IS NOT NULL"),
    *check("place_hold_has_end", "place", "state <> 'held' OR held_until IS NOT NULL"),
    *check("place_state_known", "place", "state IN ( 'free' , 'held' , 'trial' , 'taken' )"),
    # 3: one live offer per person and kind.
    unique_where("offer_one_live_per_kind", "offer", "person_id, kind", "state = 'live'"),
    # 5: a place is in use for one request at most, and never without one.
    *check("place_use_has_request", "place", "state = 'free' OR request_id IS NOT NULL"),
    # 8: one open escalation per conversation.
    unique_where("escalation_one_open", "escalation", "conversation_id", "state <> 'closed'"),
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
