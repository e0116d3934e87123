-- Persons, the WeChat identities that they log in with, their roles, and invitations to roles.
CREATE TABLE persons (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT,
    phone TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX persons_by_phone ON persons (organization_id, phone) WHERE phone IS NOT NULL;

CREATE TABLE identities (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    appid TEXT NOT NULL,
    openid TEXT NOT NULL,
    unionid TEXT,
    created_at BIGINT NOT NULL,
    last_login_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identities_by_openid ON identities (organization_id, appid, openid);
CREATE INDEX identities_by_unionid ON identities (organization_id, unionid);
CREATE INDEX identities_by_person ON identities (person_id);

CREATE TABLE person_roles (
    person_id TEXT NOT NULL REFERENCES persons (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    role TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, role)
);

CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    code TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    uses BIGINT,
    used BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE invitation_uses (
    invitation_id TEXT NOT NULL REFERENCES invitations (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    used_at BIGINT NOT NULL,
    PRIMARY KEY (invitation_id, person_id)
);
