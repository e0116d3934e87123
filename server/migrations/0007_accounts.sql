-- What an organization sets for an account that it uses, and the campaigns to which activity is booked.
ALTER TABLE organizations ADD COLUMN guests_allowed BOOLEAN NOT NULL DEFAULT TRUE;

ALTER TABLE accounts ADD COLUMN official_account_type TEXT;
ALTER TABLE accounts ADD COLUMN open_platform TEXT;
ALTER TABLE accounts ADD COLUMN provider_url TEXT;
ALTER TABLE accounts ADD COLUMN provider_secret_sealed TEXT;

ALTER TABLE account_organizations ADD COLUMN display_name TEXT;
ALTER TABLE account_organizations ADD COLUMN description TEXT;
ALTER TABLE account_organizations ADD COLUMN time_zone TEXT;
ALTER TABLE account_organizations ADD COLUMN default_campaign_id TEXT;
ALTER TABLE account_organizations ADD COLUMN channel_code TEXT;
ALTER TABLE account_organizations ADD COLUMN openid_attribute TEXT;
ALTER TABLE account_organizations ADD COLUMN unionid_attribute TEXT;
ALTER TABLE account_organizations ADD COLUMN subscription_attribute TEXT;
ALTER TABLE account_organizations ADD COLUMN activity_attribute TEXT;
CREATE UNIQUE INDEX account_organizations_by_channel ON account_organizations (organization_id, channel_code)
    WHERE channel_code IS NOT NULL;
CREATE INDEX account_organizations_by_organization ON account_organizations (organization_id, account_id);

-- Who may use an account; everybody where it has no rows.
CREATE TABLE account_persons (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    PRIMARY KEY (account_id, organization_id, person_id)
);

CREATE TABLE campaigns (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX campaigns_by_organization ON campaigns (organization_id, id);
CREATE INDEX campaigns_by_end ON campaigns (ends_at);

-- What somebody must look at: one open row for each thing and reason.
CREATE TABLE notices (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    cleared_at BIGINT
);
CREATE UNIQUE INDEX notices_open ON notices (organization_id, kind, subject_id) WHERE cleared_at IS NULL;
CREATE INDEX notices_by_subject ON notices (organization_id, subject_id);
