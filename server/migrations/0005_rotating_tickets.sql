-- Products whose tickets show a fresh code all the time, signed by the holder's phone.
ALTER TABLE products ADD COLUMN rotating BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE tickets ADD COLUMN device_key TEXT;
