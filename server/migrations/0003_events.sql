-- Events, their signing keys, products, check-in lists and tickets.
CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    tag BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    offsets TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX events_by_organization ON events (organization_id, id);

CREATE TABLE event_keys (
    event_id TEXT NOT NULL REFERENCES events (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    number BIGINT NOT NULL,
    public_key TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, number)
);

CREATE TABLE products (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    event_id TEXT NOT NULL REFERENCES events (id),
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX products_by_number ON products (event_id, number);
CREATE UNIQUE INDEX products_by_name ON products (event_id, name);

CREATE TABLE check_in_lists (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    event_id TEXT NOT NULL REFERENCES events (id),
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX check_in_lists_by_event ON check_in_lists (event_id, id);

CREATE TABLE tickets (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    event_id TEXT NOT NULL REFERENCES events (id),
    product_id TEXT NOT NULL REFERENCES products (id),
    order_code TEXT NOT NULL,
    reference TEXT,
    position BIGINT NOT NULL,
    attendee_name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    phone TEXT,
    seat TEXT,
    status TEXT NOT NULL,
    needs_approval BOOLEAN NOT NULL DEFAULT FALSE,
    valid_from BIGINT,
    valid_until BIGINT,
    code TEXT NOT NULL,
    short_code TEXT NOT NULL,
    person_id TEXT REFERENCES persons (id),
    claimed_at BIGINT,
    last_scanned_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tickets_by_short_code ON tickets (organization_id, short_code);
CREATE UNIQUE INDEX tickets_by_reference ON tickets (event_id, reference) WHERE reference IS NOT NULL;
CREATE UNIQUE INDEX tickets_by_order ON tickets (event_id, order_code, position);
CREATE INDEX tickets_by_phone ON tickets (organization_id, phone);
CREATE INDEX tickets_by_person ON tickets (person_id);
CREATE INDEX tickets_by_event ON tickets (event_id, id);
