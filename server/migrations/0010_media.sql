-- Photos, videos and signatures. The bytes are objects below the organization and the id; a row says what they are and
-- to what they are attached. What nobody attaches is removed. "held" is how many bytes are kept of it, "attempt" how
-- often the parts of a video were sent for nothing: those of each attempt are apart from the others.
CREATE TABLE media (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    owner_kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    upload_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    source_size BIGINT NOT NULL,
    source_sha256 TEXT NOT NULL,
    part_size BIGINT,
    object TEXT,
    content_type TEXT,
    size BIGINT,
    width BIGINT,
    height BIGINT,
    duration_ms BIGINT,
    subject_kind TEXT,
    subject_id TEXT,
    position BIGINT,
    created_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    held BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX media_by_upload_key ON media (organization_id, owner_kind, owner_id, upload_key);
CREATE INDEX media_by_subject ON media (organization_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX media_unattached ON media (touched_at) WHERE subject_id IS NULL;
CREATE INDEX media_waiting ON media (organization_id, owner_kind, owner_id, held, subject_id)
    WHERE subject_id IS NULL;

-- Parts of a video that were received.
CREATE TABLE media_parts (
    media_id TEXT NOT NULL REFERENCES media (id),
    number BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (media_id, number)
);
