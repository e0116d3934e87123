-- Why a supervisor let in a guest whom the verdict refused.
ALTER TABLE check_ins ADD COLUMN force_reason TEXT;
