-- WeChat's pushes as they came, decrypted; at once the queue from which they are processed.
CREATE TABLE pushes (
    id TEXT NOT NULL PRIMARY KEY,
    appid TEXT NOT NULL,
    openid TEXT,
    dedup_key TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    status TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    lease TEXT,
    processed_at BIGINT,
    last_error TEXT
);
CREATE UNIQUE INDEX pushes_by_dedup_key ON pushes (appid, dedup_key);
CREATE INDEX pushes_waiting ON pushes (due_at, id) WHERE status = 'waiting';
