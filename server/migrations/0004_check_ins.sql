-- Every scan and its verdict, refusals too.
CREATE TABLE check_ins (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    event_id TEXT NOT NULL,
    list_id TEXT NOT NULL,
    ticket_id TEXT,
    nonce TEXT NOT NULL,
    parent_id TEXT,
    request_hash TEXT NOT NULL,
    direction TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    force_sent BOOLEAN NOT NULL,
    forced BOOLEAN NOT NULL,
    gate TEXT,
    device_id TEXT,
    actor_id TEXT NOT NULL,
    scanned_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    answer TEXT NOT NULL,
    offline_status TEXT,
    offline_reason TEXT,
    conflict BOOLEAN NOT NULL DEFAULT FALSE,
    annulled_at BIGINT,
    annulled_by TEXT,
    annul_reason TEXT
);
CREATE UNIQUE INDEX check_ins_by_nonce ON check_ins (organization_id, nonce);
CREATE INDEX check_ins_by_ticket ON check_ins (list_id, ticket_id, scanned_at);
CREATE INDEX check_ins_by_list ON check_ins (list_id, id);
