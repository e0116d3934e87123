-- Who is who across accounts: followers, business users, phone numbers, and merges of two persons into one.
ALTER TABLE persons ADD COLUMN userid TEXT;
ALTER TABLE persons ADD COLUMN merged_into TEXT REFERENCES persons (id);
ALTER TABLE persons ADD COLUMN deleted_at BIGINT;
CREATE UNIQUE INDEX persons_by_userid ON persons (organization_id, userid) WHERE userid IS NOT NULL;
CREATE INDEX persons_by_merge ON persons (merged_into) WHERE merged_into IS NOT NULL;

ALTER TABLE identities ADD COLUMN subscribed BOOLEAN;
ALTER TABLE identities ADD COLUMN subscription_at BIGINT;
ALTER TABLE identities ADD COLUMN last_activity_at BIGINT;
ALTER TABLE identities ADD COLUMN details_due BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE identities ADD COLUMN listed_at BIGINT;
ALTER TABLE identities ADD COLUMN bound_at BIGINT;
ALTER TABLE identities ADD COLUMN bound_by TEXT;
CREATE INDEX identities_by_account ON identities (appid, openid);
CREATE INDEX identities_bound ON identities (organization_id, id) WHERE bound_at IS NOT NULL;
CREATE INDEX identities_without_details ON identities (appid) WHERE details_due;

-- One row for each unionid that somebody is being recognized by: who writes it first, goes first.
CREATE TABLE unionids (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    unionid TEXT NOT NULL,
    PRIMARY KEY (organization_id, unionid)
);

-- The phone number of one person that another has confirmed too, for somebody to decide.
CREATE TABLE phone_conflicts (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    phone TEXT NOT NULL,
    owner_id TEXT NOT NULL REFERENCES persons (id),
    claimant_id TEXT NOT NULL REFERENCES persons (id),
    created_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolution TEXT
);
CREATE UNIQUE INDEX phone_conflicts_open ON phone_conflicts (organization_id, phone, claimant_id)
    WHERE resolved_at IS NULL;

CREATE TABLE activities (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    appid TEXT NOT NULL,
    kind TEXT NOT NULL,
    campaign_id TEXT,
    scene TEXT,
    at BIGINT NOT NULL,
    push_id TEXT
);
CREATE INDEX activities_by_person ON activities (person_id, at);
CREATE INDEX activities_by_campaign ON activities (campaign_id, at);
CREATE UNIQUE INDEX activities_by_push ON activities (organization_id, push_id) WHERE push_id IS NOT NULL;

CREATE TABLE follower_imports (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    appid TEXT NOT NULL,
    status TEXT NOT NULL,
    total BIGINT,
    processed BIGINT NOT NULL DEFAULT 0,
    created BIGINT NOT NULL DEFAULT 0,
    next_openid TEXT NOT NULL DEFAULT '',
    failures BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    started_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE UNIQUE INDEX follower_imports_running ON follower_imports (organization_id, appid) WHERE finished_at IS NULL;

-- Codes that the business sends to its users, and signed links that were used: how a user proves a userid.
CREATE TABLE binding_codes (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    userid TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX binding_codes_by_userid ON binding_codes (organization_id, userid, expires_at);
CREATE INDEX binding_codes_by_age ON binding_codes (expires_at);

CREATE TABLE binding_links_used (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id TEXT NOT NULL,
    used_at BIGINT NOT NULL
);
CREATE INDEX binding_links_by_age ON binding_links_used (used_at);
