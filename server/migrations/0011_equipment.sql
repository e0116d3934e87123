-- Companies that are served, their units of equipment, who registered which, and files that WeChat asks for.
CREATE TABLE customers (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX customers_by_name ON customers (organization_id, name);
CREATE INDEX customers_by_organization ON customers (organization_id, id);

CREATE TABLE customer_members (
    customer_id TEXT NOT NULL REFERENCES customers (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, person_id)
);
CREATE INDEX customer_members_by_person ON customer_members (organization_id, person_id);

-- Whoever takes such an invitation also joins the customer.
ALTER TABLE invitations ADD COLUMN customer_id TEXT REFERENCES customers (id);

-- A retired unit keeps its row, because work orders point to it; only units in use have a serial number to themselves.
CREATE TABLE equipment (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    code TEXT NOT NULL UNIQUE,
    serial_number TEXT NOT NULL,
    serial_folded TEXT NOT NULL,
    search_folded TEXT NOT NULL,
    model TEXT NOT NULL,
    customer_id TEXT REFERENCES customers (id),
    site TEXT,
    address TEXT,
    position_lat_e6 BIGINT,
    position_lng_e6 BIGINT,
    warranty_until TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE UNIQUE INDEX equipment_by_serial ON equipment (organization_id, serial_folded) WHERE retired_at IS NULL;
CREATE INDEX equipment_by_organization ON equipment (organization_id, id);
CREATE INDEX equipment_by_customer ON equipment (customer_id, id) WHERE customer_id IS NOT NULL;

CREATE TABLE equipment_registrations (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    equipment_id TEXT NOT NULL REFERENCES equipment (id),
    person_id TEXT NOT NULL REFERENCES persons (id),
    address TEXT,
    position_lat_e6 BIGINT,
    position_lng_e6 BIGINT,
    accuracy_meters BIGINT,
    status TEXT NOT NULL,
    version BIGINT NOT NULL,
    reason TEXT,
    decided_by TEXT,
    decided_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX equipment_registrations_by_person ON equipment_registrations (equipment_id, person_id);
CREATE INDEX equipment_registrations_of_person ON equipment_registrations (organization_id, person_id, id);
CREATE INDEX equipment_registrations_by_status ON equipment_registrations (organization_id, status, id);

-- Served below the addresses of the QR codes, so that WeChat sees whose they are; one name serves the whole host.
CREATE TABLE verification_files (
    name TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    content TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
