-- What is listed and annulled is found without reading all of an organization.
CREATE INDEX audit_log_by_organization ON audit_log (organization_id, id);
CREATE INDEX check_ins_by_parent ON check_ins (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX tickets_by_order_code ON tickets (organization_id, order_code);
