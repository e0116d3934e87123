-- What engineers do on site, where their days start and end, and the mileage between. `at` is what the phone said;
-- `counted_at` is the same moment, put right where the phone's clock was suspect, and gives the day and the order.
CREATE TABLE visits (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    work_order_id TEXT NOT NULL REFERENCES work_orders (id),
    engineer_id TEXT NOT NULL REFERENCES persons (id),
    visit_key TEXT NOT NULL,
    day TEXT NOT NULL,
    version BIGINT NOT NULL,
    in_hash TEXT NOT NULL,
    in_at BIGINT NOT NULL,
    in_counted_at BIGINT NOT NULL,
    in_received_at BIGINT NOT NULL,
    in_clock_skew BIGINT NOT NULL,
    in_offline BOOLEAN NOT NULL,
    in_lat_e6 BIGINT,
    in_lng_e6 BIGINT,
    in_accuracy BIGINT,
    in_source TEXT,
    in_fixed_at BIGINT,
    in_outcome TEXT NOT NULL,
    in_distance BIGINT,
    in_reason TEXT,
    in_photo_id TEXT,
    in_conflict TEXT,
    out_hash TEXT,
    out_at BIGINT,
    out_counted_at BIGINT,
    out_received_at BIGINT,
    out_clock_skew BIGINT,
    out_offline BOOLEAN,
    out_lat_e6 BIGINT,
    out_lng_e6 BIGINT,
    out_accuracy BIGINT,
    out_source TEXT,
    out_fixed_at BIGINT,
    out_outcome TEXT,
    out_distance BIGINT,
    out_reason TEXT,
    out_conflict TEXT,
    result TEXT,
    result_text TEXT,
    result_reason TEXT,
    parts TEXT NOT NULL,
    labor TEXT NOT NULL,
    signature_id TEXT,
    signer_name TEXT
);
CREATE UNIQUE INDEX visits_by_key ON visits (organization_id, visit_key);
CREATE INDEX visits_by_order ON visits (work_order_id, in_counted_at);
CREATE INDEX visits_by_day ON visits (organization_id, engineer_id, day);
CREATE INDEX visits_of_day ON visits (organization_id, day);

CREATE TABLE day_points (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    engineer_id TEXT NOT NULL REFERENCES persons (id),
    point_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    at BIGINT NOT NULL,
    counted_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    clock_skew BIGINT NOT NULL,
    offline BOOLEAN NOT NULL,
    lat_e6 BIGINT,
    lng_e6 BIGINT,
    accuracy BIGINT,
    source TEXT,
    fixed_at BIGINT,
    address TEXT,
    odometer_meters BIGINT
);
CREATE UNIQUE INDEX day_points_by_key ON day_points (organization_id, point_key);
CREATE INDEX day_points_by_day ON day_points (organization_id, engineer_id, day);
CREATE INDEX day_points_of_day ON day_points (organization_id, day);

-- A day of an engineer who has stops. `settled` are its legs as they were when it was approved.
CREATE TABLE mileage_days (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    engineer_id TEXT NOT NULL REFERENCES persons (id),
    day TEXT NOT NULL,
    status TEXT NOT NULL,
    detour_permille BIGINT NOT NULL,
    version BIGINT NOT NULL,
    submitted_at BIGINT,
    decided_at BIGINT,
    decided_by TEXT,
    reason TEXT,
    settled TEXT,
    PRIMARY KEY (organization_id, engineer_id, day)
);

-- What is said about the way between two stops that are or were neighbors; the length itself is computed.
CREATE TABLE mileage_legs (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    engineer_id TEXT NOT NULL REFERENCES persons (id),
    day TEXT NOT NULL,
    from_stop TEXT NOT NULL,
    to_stop TEXT NOT NULL,
    method TEXT NOT NULL,
    meters BIGINT,
    odometer_start BIGINT,
    odometer_end BIGINT,
    reason TEXT,
    changed_by TEXT,
    version BIGINT NOT NULL
);
CREATE UNIQUE INDEX mileage_legs_by_stops ON mileage_legs (organization_id, from_stop, to_stop);
CREATE INDEX mileage_legs_by_day ON mileage_legs (organization_id, engineer_id, day);
