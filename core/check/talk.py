"""Promises about conversations: nothing lost, nothing unanswered, and who may speak."""

from datetime import datetime

from core import audit
from core.check.asking import Check, queries

MESSAGES = queries(
    "SELECT 'conversation' AS tbl, c.public_id AS id FROM conversation AS c LEFT JOIN message AS m "
    "ON m.conversation_id = c.id GROUP BY c.id, c.public_id, c.seq "
    "HAVING count(m.id) <> c.seq OR coalesce(max(m.seq), 0) <> c.seq",
    "SELECT 'conversation' AS tbl, c.public_id AS id FROM conversation AS c JOIN message AS m "
    "ON m.conversation_id = c.id WHERE m.external_id IS NOT NULL "
    "GROUP BY c.id, c.public_id, m.external_id HAVING count(*) > 1",
    # Answered, or in the hands of a human.
    "SELECT 'message' AS tbl, m.public_id AS id FROM message AS m "
    "JOIN conversation AS c ON c.id = m.conversation_id "
    "WHERE m.sender = 'patient' AND c.lead = 'bot' AND NOT EXISTS (SELECT 1 FROM message AS a "
    "WHERE a.conversation_id = m.conversation_id AND a.seq > m.seq "
    "AND a.sender <> 'patient' AND a.kind <> 'update')",
    # What could not be answered or delivered is with a human.
    "SELECT 'dead_letter' AS tbl, d.public_id AS id FROM dead_letter AS d LEFT JOIN task AS t "
    "ON t.subject_table = 'dead_letter' AND t.subject_id = d.public_id WHERE t.id IS NULL",
    "SELECT 'outbox' AS tbl, o.public_id AS id FROM outbox AS o LEFT JOIN task AS t "
    "ON t.subject_table = 'outbox' AND t.subject_id = o.public_id "
    "WHERE o.state = 'failed' AND t.id IS NULL",
    "SELECT 'outbox' AS tbl, b.public_id AS id FROM outbox AS a JOIN outbox AS b "
    "ON a.conversation_id = b.conversation_id AND a.channel = b.channel AND a.id < b.id "
    "WHERE a.state = 'sent' AND b.state = 'sent' AND a.due_at <= b.due_at "
    "AND b.ended_at < a.ended_at",
)

ESCALATIONS = queries(
    "SELECT 'conversation' AS tbl, c.public_id AS id FROM escalation AS e JOIN conversation AS c "
    "ON c.id = e.conversation_id WHERE e.state <> 'closed' "
    "GROUP BY c.id, c.public_id HAVING count(*) > 1",
    "SELECT 'escalation' AS tbl, e.public_id AS id FROM risk_hit AS h "
    "JOIN message AS m ON m.id = h.message_id JOIN escalation AS e ON e.id = h.escalation_id "
    "WHERE e.conversation_id <> m.conversation_id",
    "SELECT 'escalation' AS tbl, public_id AS id FROM escalation "
    "WHERE state = 'acknowledged' AND acknowledged_by_id IS NULL",
)

LEAD = queries(
    "SELECT 'message' AS tbl, m.public_id AS id FROM message AS m "
    "JOIN conversation AS c ON c.id = m.conversation_id "
    "JOIN audit AS t ON t.object_table = 'conversation' AND t.object_id = c.public_id "
    "AND t.action = 'conversation.take_over' AND t.at < m.created_at "
    "WHERE m.sender = 'bot' AND m.kind <> 'crisis' AND NOT EXISTS (SELECT 1 FROM audit AS e "
    "WHERE e.object_table = 'conversation' AND e.object_id = c.public_id AND e.at >= t.at "
    "AND e.action IN ('conversation.hand_back', 'conversation.release') "
    "AND e.at <= m.created_at)",
    "SELECT 'conversation' AS tbl, public_id AS id FROM conversation "
    "WHERE (lead = 'human') <> (holder_id IS NOT NULL)",
)


async def _chain(now: datetime) -> list[str]:
    return [f"audit:{row['n']} ({row['problem']})" for row in await audit.broken()]


CHECKS = [
    Check(7, "messages", MESSAGES),
    Check(8, "escalations", ESCALATIONS),
    Check(10, "lead", LEAD),
    Check(13, "audit", _chain),
]
