from tortoise import migrations
from tortoise.migrations import operations as ops
from core.models.base import new_public_id
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                ("key_index", fields.CharField(max_length=64)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "attempt",
                "app": "core",
                "indexes": [Index(fields=["kind", "key_index", "at"])],
                "pk_attr": "id",
                "table_description": "One try at something that is limited: a sign-in, a return code, a new session.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Heartbeat",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("name", fields.CharField(unique=True, max_length=40)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "heartbeat",
                "app": "core",
                "pk_attr": "id",
                "table_description": "The last sign of life of each worker loop.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="NetworkVersion",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("version", fields.IntField(unique=True)),
                ("name", fields.CharField(max_length=40)),
                ("config", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("loaded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "network_version",
                "app": "core",
                "pk_attr": "id",
                "table_description": "One loaded configuration, the highest version is the one in force.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("wrapped_key", fields.BinaryField(null=True)),
                ("name", fields.BinaryField(null=True)),
                ("birth_date", fields.BinaryField(null=True)),
                ("email", fields.BinaryField(null=True)),
                ("phone", fields.BinaryField(null=True)),
                ("email_index", fields.CharField(null=True, db_index=True, max_length=64)),
                ("phone_index", fields.CharField(null=True, db_index=True, max_length=64)),
                ("birth_date_index", fields.CharField(null=True, db_index=True, max_length=64)),
                ("language", fields.CharField(max_length=8)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("erased_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "person",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A patient, guardian, relative or caller. The first contact makes a person, so that there",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="Identity",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="identities",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("channel", fields.CharField(max_length=16)),
                ("bot", fields.CharField(default="", max_length=64)),
                ("external_index", fields.CharField(max_length=64)),
                ("external_id", fields.BinaryField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "identity",
                "app": "core",
                "unique_together": (("channel", "bot", "external_index"),),
                "pk_attr": "id",
                "table_description": "An address on a channel: who writes from there is the person behind it.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="NameToken",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="name_tokens",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("token_index", fields.CharField(db_index=True, max_length=64)),
            ],
            options={
                "table": "name_token",
                "app": "core",
                "unique_together": (("person", "token_index"),),
                "pk_attr": "id",
                "table_description": "A blind index over the words of a person's name, for search by staff.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "writer",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="writer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="writes_for",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "patient",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="patient_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="written_for_by",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "relation",
                "app": "core",
                "unique_together": (("writer", "patient"),),
                "pk_attr": "id",
                "table_description": "Who writes for whom: self, parent, guardian, relative (with consent), professional.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Stamp",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("name", fields.CharField(unique=True, max_length=40)),
                ("n", fields.BigIntField(default=0)),
            ],
            options={
                "table": "stamp",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A counter that is raised with each edit of what processes keep in memory.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Therapist",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("name", fields.CharField(max_length=200)),
                ("title", fields.CharField(default="", max_length=60)),
                ("email", fields.CharField(unique=True, max_length=254)),
                ("gender", fields.CharField(default="", max_length=16)),
                ("step_free", fields.BooleanField(default=False)),
                ("active", fields.BooleanField(default=True)),
                (
                    "last_offered_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "therapist", "app": "core", "pk_attr": "id"},
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Slot",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "therapist",
                    fields.ForeignKeyField(
                        "core.Therapist",
                        source_field="therapist_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="slots",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("service", fields.CharField(max_length=40)),
                ("kind", fields.CharField(max_length=40)),
                ("setting", fields.CharField(max_length=20)),
                ("format", fields.CharField(max_length=10)),
                ("site", fields.CharField(default="", max_length=40)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("wall_start", fields.CharField(max_length=16)),
                ("zone", fields.CharField(max_length=64)),
                ("capacity", fields.SmallIntField(default=1)),
                ("state", fields.CharField(default="active", max_length=10)),
            ],
            options={
                "table": "slot",
                "app": "core",
                "pk_attr": "id",
                "table_description": "One appointment time of one therapist, `wall_start` and `zone` keep how it was meant.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Staff",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("email", fields.CharField(unique=True, max_length=254)),
                ("name", fields.CharField(max_length=200)),
                ("password_hash", fields.CharField(max_length=200)),
                ("roles", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                (
                    "therapist",
                    fields.ForeignKeyField(
                        "core.Therapist",
                        source_field="therapist_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="staff",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("language", fields.CharField(max_length=8)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "staff", "app": "core", "pk_attr": "id"},
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Audit",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("actor", fields.CharField(max_length=10)),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="staff_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="audit",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("action", fields.CharField(max_length=40)),
                ("object_table", fields.CharField(max_length=40)),
                ("object_id", fields.CharField(max_length=22)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="audit",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("detail", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("request_id", fields.CharField(null=True, max_length=40)),
                ("n", fields.BigIntField(null=True, unique=True)),
                ("previous", fields.CharField(null=True, max_length=64)),
                ("hash", fields.CharField(null=True, max_length=64)),
            ],
            options={
                "table": "audit",
                "app": "core",
                "pk_attr": "id",
                "table_description": "Who did or read what. `n`, `previous` and `hash` are set when a batch is sealed.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "identity",
                    fields.OneToOneField(
                        "core.Identity",
                        source_field="identity_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="conversation",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="conversations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("channel", fields.CharField(max_length=16)),
                ("language", fields.CharField(max_length=8)),
                ("lead", fields.CharField(default="bot", max_length=10)),
                ("lead_gen", fields.IntField(default=0)),
                (
                    "holder",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="holder_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="held",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seq", fields.IntField(default=0)),
                ("prompt_seq", fields.IntField(default=0)),
                ("dialogue", fields.BinaryField(null=True)),
                (
                    "consented_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("consent_version", fields.CharField(null=True, max_length=20)),
                (
                    "waiting_since",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("answer_by", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_in_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("staff_read_seq", fields.IntField(default=0)),
            ],
            options={
                "table": "conversation",
                "app": "core",
                "indexes": [Index(fields=["lead", "waiting_since"])],
                "pk_attr": "id",
                "table_description": "All messages with one patient on one channel. `lead` is bot, waiting or human.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="ChatFile",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="files",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("name", fields.CharField(max_length=80)),
                ("media_type", fields.CharField(max_length=80)),
                ("content", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "chat_file",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A file of a conversation, such as an appointment's calendar entry.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="ChatSession",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "chat_session",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A browser's or client's access to one conversation, only the token's hash is kept.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="DeadLetter",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dead_letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dead_letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reference", fields.CharField(max_length=12)),
                ("error", fields.CharField(max_length=200)),
                ("payload", fields.BinaryField()),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "dead_letter",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A turn that failed: what came in, sealed, and the reference that the patient was given.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="escalations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="escalations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("severity", fields.CharField(max_length=10)),
                ("category", fields.CharField(max_length=40)),
                ("state", fields.CharField(default="open", max_length=14)),
                ("hits", fields.IntField(default=1)),
                ("level", fields.SmallIntField(default=0)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="escalations",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "acknowledged_by",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="acknowledged_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="acknowledged",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "acknowledged_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "closed_by",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="closed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="closed",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("outcome", fields.CharField(null=True, max_length=40)),
                ("follow_up_on", fields.DateField(null=True)),
                ("note", fields.BinaryField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "escalation",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A risk hit or a call for help: open → acknowledged → closed, by a human only.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seq", fields.IntField()),
                ("sender", fields.CharField(max_length=10)),
                ("kind", fields.CharField(max_length=10)),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="staff_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sent_messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("external_id", fields.CharField(null=True, max_length=64)),
                ("fingerprint", fields.CharField(null=True, max_length=64)),
                ("body", fields.BinaryField(null=True)),
                ("before_consent", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "message",
                "app": "core",
                "unique_together": (("conversation", "seq"), ("conversation", "external_id")),
                "pk_attr": "id",
                "table_description": "One row of the append-only thread. `body` is the sealed message object.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="Outbox",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("recipient_kind", fields.CharField(max_length=10)),
                ("channel", fields.CharField(max_length=16)),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="outbox",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="outbox",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("seq", fields.IntField(default=0)),
                ("lead_gen", fields.IntField(null=True)),
                ("kind", fields.CharField(max_length=20)),
                ("payload", fields.BinaryField(null=True)),
                ("state", fields.CharField(default="due", max_length=10)),
                ("attempts", fields.SmallIntField(default=0)),
                ("maybe_duplicate", fields.BooleanField(default=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "claimed_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("provider_id", fields.CharField(null=True, max_length=200)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "outbox",
                "app": "core",
                "pk_attr": "id",
                "table_description": "Something that leaves: rendered when it is enqueued, sent by the worker, in order.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "writer",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="writer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="written_requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("service", fields.CharField(max_length=40)),
                ("kind", fields.CharField(max_length=40)),
                ("criteria", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("state", fields.CharField(default="open", max_length=12)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "request",
                "app": "core",
                "pk_attr": "id",
                "table_description": "What is looked for. Codes only: words of the patient stay in sealed messages.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "request",
                    fields.ForeignKeyField(
                        "core.Request",
                        source_field="request_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="offers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="offers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=10)),
                ("state", fields.CharField(default="live", max_length=10)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("extended", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "offer",
                "app": "core",
                "pk_attr": "id",
                "table_description": "Up to three held seats proposed together.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "therapist",
                    fields.ForeignKeyField(
                        "core.Therapist",
                        source_field="therapist_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="places",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("service", fields.CharField(max_length=40)),
                ("setting", fields.CharField(max_length=20)),
                ("group", fields.CharField(default="", max_length=22)),
                ("n", fields.SmallIntField()),
                ("state", fields.CharField(default="free", max_length=10)),
                ("gen", fields.IntField(default=0)),
                ("held_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "core.Offer",
                        source_field="offer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="places",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "request",
                    fields.ForeignKeyField(
                        "core.Request",
                        source_field="request_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="places",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "trial_since",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("decide_by", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "place",
                "app": "core",
                "unique_together": (("therapist", "service", "setting", "group", "n"),),
                "pk_attr": "id",
                "table_description": "A therapist's opening for a whole therapy, a group has one row per seat (`n`).",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="ReturnCode",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("code_index", fields.CharField(unique=True, max_length=64)),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="return_codes",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "return_code",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A secret that reopens a conversation, shown once, kept as a keyed hash.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="RiskHit",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "message",
                    fields.ForeignKeyField(
                        "core.Message",
                        source_field="message_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="risk_hits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "escalation",
                    fields.ForeignKeyField(
                        "core.Escalation",
                        source_field="escalation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="risk_hits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("severity", fields.CharField(max_length=10)),
                ("category", fields.CharField(max_length=40)),
                ("rule", fields.CharField(max_length=60)),
                ("table_version", fields.CharField(max_length=40)),
                ("view", fields.CharField(max_length=20)),
                ("span_start", fields.IntField()),
                ("span_end", fields.IntField()),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "risk_hit",
                "app": "core",
                "pk_attr": "id",
                "table_description": "Which rule fired on which message, the text itself is never copied here.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "slot",
                    fields.ForeignKeyField(
                        "core.Slot",
                        source_field="slot_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="seats",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("n", fields.SmallIntField()),
                ("state", fields.CharField(default="open", max_length=10)),
                ("gen", fields.IntField(default=0)),
                ("held_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "core.Offer",
                        source_field="offer_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="seats",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("booking_id", fields.BigIntField(null=True)),
                (
                    "therapist",
                    fields.ForeignKeyField(
                        "core.Therapist",
                        source_field="therapist_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="seats",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "seat",
                "app": "core",
                "unique_together": (("slot", "n"),),
                "indexes": [
                    Index(fields=["therapist_id", "starts_at"]),
                    Index(fields=["starts_at", "therapist_id"]),
                ],
                "pk_attr": "id",
                "table_description": "One place at one slot: the row that is held and booked.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Booking",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("reference", fields.CharField(unique=True, max_length=12)),
                (
                    "seat",
                    fields.ForeignKeyField(
                        "core.Seat",
                        source_field="seat_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "therapist",
                    fields.ForeignKeyField(
                        "core.Therapist",
                        source_field="therapist_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "writer",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="writer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="made_bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "request",
                    fields.ForeignKeyField(
                        "core.Request",
                        source_field="request_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "conversation",
                    fields.ForeignKeyField(
                        "core.Conversation",
                        source_field="conversation_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "place",
                    fields.ForeignKeyField(
                        "core.Place",
                        source_field="place_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="bookings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("service", fields.CharField(max_length=40)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ends_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("series", fields.CharField(null=True, max_length=22)),
                (
                    "moved_from",
                    fields.OneToOneField(
                        "core.Booking",
                        source_field="moved_from_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="moved_to",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(default="booked", max_length=20)),
                ("policy", fields.CharField(max_length=40)),
                ("policy_version", fields.IntField()),
                ("policy_language", fields.CharField(max_length=8)),
                ("accepted_channel", fields.CharField(max_length=16)),
                ("accepted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "accepted_by",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="accepted_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="accepted",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("fee", fields.DecimalField(null=True, max_digits=10, decimal_places=2)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "booking",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A seat given to a patient, with the acceptance of the rules that were told.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="OfferedSeat",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "core.Offer",
                        source_field="offer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="offered",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "seat",
                    fields.ForeignKeyField(
                        "core.Seat",
                        source_field="seat_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="offered",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("gen", fields.IntField()),
                ("position", fields.SmallIntField()),
                ("reasons", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "offered_seat",
                "app": "core",
                "unique_together": (("offer", "seat"),),
                "pk_attr": "id",
                "table_description": "A seat as it was proposed, with the generation held and why it fits.",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="StaffSession",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "staff",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="staff_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                ("csrf", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "staff_session",
                "app": "core",
                "pk_attr": "id",
                "table_description": "Server-side and revocable, only hashes of the token and of the CSRF token are kept.",
            },
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                ("kind", fields.CharField(max_length=40)),
                ("subject_table", fields.CharField(max_length=40)),
                ("subject_id", fields.CharField(max_length=22)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="owner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(default="open", max_length=10)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "snoozed_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("outcome", fields.CharField(null=True, max_length=40)),
                ("note", fields.BinaryField(null=True)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("done_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "done_by",
                    fields.ForeignKeyField(
                        "core.Staff",
                        source_field="done_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="done_tasks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "task",
                "app": "core",
                "pk_attr": "id",
                "table_description": "Something that a human must do, `subject` names a row by table and public id.",
            },
            bases=["SealedRow"],
        ),
        ops.CreateModel(
            name="Trait",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "therapist",
                    fields.ForeignKeyField(
                        "core.Therapist",
                        source_field="therapist_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="traits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=16)),
                ("code", fields.CharField(max_length=40)),
            ],
            options={
                "table": "trait",
                "app": "core",
                "unique_together": (("therapist", "kind", "code"),),
                "pk_attr": "id",
                "table_description": "One attribute of a therapist. `kind` is service, modality, setting, format, age_group,",
            },
            bases=["Row"],
        ),
        ops.CreateModel(
            name="WaitlistEntry",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("public_id", fields.CharField(default=new_public_id, unique=True, max_length=22)),
                (
                    "request",
                    fields.OneToOneField(
                        "core.Request",
                        source_field="request_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="waiting",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "core.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="waiting",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("state", fields.CharField(default="waiting", max_length=10)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "waitlist_entry", "app": "core", "pk_attr": "id"},
            bases=["PublicRow"],
        ),
        ops.CreateModel(
            name="WorkingHours",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=True, primary_key=True, unique=True, db_index=True
                    ),
                ),
                (
                    "therapist",
                    fields.ForeignKeyField(
                        "core.Therapist",
                        source_field="therapist_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="hours",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("weekday", fields.SmallIntField()),
                ("opens", fields.CharField(max_length=5)),
                ("closes", fields.CharField(max_length=5)),
                ("zone", fields.CharField(max_length=64)),
                ("site", fields.CharField(default="", max_length=40)),
                ("format", fields.CharField(max_length=10)),
                ("service", fields.CharField(max_length=40)),
                ("kind", fields.CharField(max_length=40)),
                ("setting", fields.CharField(max_length=20)),
                ("valid_from", fields.DateField()),
                ("valid_until", fields.DateField(null=True)),
            ],
            options={
                "table": "working_hours",
                "app": "core",
                "pk_attr": "id",
                "table_description": "A recurring weekly interval, as wall time in `zone`, slots are made from it.",
            },
            bases=["Row"],
        ),
    ]
