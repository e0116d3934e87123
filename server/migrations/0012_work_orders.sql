-- Work orders, their timeline, and how an organization runs its service.
CREATE TABLE service_settings (
    organization_id TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id),
    settings TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE work_orders (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    number TEXT NOT NULL,
    draft_id TEXT NOT NULL,
    report_hash TEXT NOT NULL,
    follow_code TEXT NOT NULL UNIQUE,
    equipment_id TEXT NOT NULL REFERENCES equipment (id),
    customer_id TEXT REFERENCES customers (id),
    reporter_id TEXT REFERENCES persons (id),
    contact_name TEXT,
    contact_phone TEXT,
    preferred_from BIGINT,
    preferred_until BIGINT,
    fault_type TEXT NOT NULL,
    skill TEXT,
    text TEXT NOT NULL,
    content_check TEXT NOT NULL,
    -- The position (GCJ-02), as one number in the order of the grid; nothing else is stored of it.
    cell BIGINT,
    address TEXT,
    state TEXT NOT NULL,
    is_open BOOLEAN NOT NULL,
    is_waiting BOOLEAN NOT NULL,
    is_separate BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    engineer_id TEXT REFERENCES persons (id),
    response_due_at BIGINT,
    responded_at BIGINT,
    resolution_due_at BIGINT,
    resolved_at BIGINT,
    paused_at BIGINT,
    paused_until BIGINT,
    rating BIGINT,
    comment TEXT,
    submitted_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX work_orders_by_draft ON work_orders (organization_id, draft_id);
CREATE UNIQUE INDEX work_orders_by_number ON work_orders (organization_id, number);
-- One order of a unit is open at a time, unless somebody wants a separate one.
CREATE UNIQUE INDEX work_orders_open_of_unit ON work_orders (equipment_id) WHERE is_open AND NOT is_separate;
CREATE INDEX work_orders_by_unit ON work_orders (equipment_id, id);
CREATE INDEX work_orders_by_state ON work_orders (organization_id, state, id);
CREATE INDEX work_orders_open ON work_orders (organization_id, id) WHERE is_open;
CREATE INDEX work_orders_past ON work_orders (organization_id, id) WHERE NOT is_open;
CREATE INDEX work_orders_by_reporter ON work_orders (reporter_id, id) WHERE reporter_id IS NOT NULL;
CREATE INDEX work_orders_by_customer ON work_orders (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX work_orders_by_engineer ON work_orders (engineer_id, id) WHERE engineer_id IS NOT NULL;
CREATE INDEX work_orders_open_of_engineer ON work_orders (engineer_id, id) WHERE is_open AND engineer_id IS NOT NULL;
CREATE INDEX work_orders_unclaimed ON work_orders (organization_id, contact_phone)
    WHERE reporter_id IS NULL AND contact_phone IS NOT NULL;
-- In the order of the cells; whatever is asked is in the index, so that the search for the nearest reads no rows (with
-- SQLite, that takes is_waiting as a column too).
CREATE INDEX work_orders_near ON work_orders (organization_id, cell, id, resolution_due_at, is_waiting)
    WHERE is_waiting;
CREATE INDEX work_orders_near_by_state
    ON work_orders (organization_id, state, cell, id, resolution_due_at, is_waiting) WHERE is_waiting;
CREATE INDEX work_orders_near_by_skill
    ON work_orders (organization_id, skill, cell, id, resolution_due_at, is_waiting) WHERE is_waiting;
CREATE INDEX work_orders_near_by_skill_and_state
    ON work_orders (organization_id, skill, state, cell, id, resolution_due_at, is_waiting) WHERE is_waiting;
CREATE INDEX work_orders_waiting_by_due
    ON work_orders (organization_id, resolution_due_at, skill, state, cell, id, is_waiting) WHERE is_waiting;

CREATE TABLE work_order_entries (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    work_order_id TEXT NOT NULL REFERENCES work_orders (id),
    kind TEXT NOT NULL,
    -- What the phone called it, so that sending it again has no second effect.
    client_key TEXT,
    request_hash TEXT,
    move TEXT,
    from_state TEXT,
    to_state TEXT,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_as TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX work_order_entries_by_order ON work_order_entries (work_order_id, id);
CREATE INDEX person_roles_by_role ON person_roles (organization_id, role, person_id);
CREATE UNIQUE INDEX work_order_entries_by_key ON work_order_entries (work_order_id, client_key)
    WHERE client_key IS NOT NULL;
