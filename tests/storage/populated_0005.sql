INSERT INTO organizations (id, slug, short_id, name, created_at) VALUES ('o1', 'acme', 'AAAAAAAAAA', '甲公司', 1);
INSERT INTO persons (id, organization_id, name, phone, created_at) VALUES ('p1', 'o1', NULL, '+8613800138000', 2);
INSERT INTO identities (id, organization_id, person_id, appid, openid, unionid, created_at, last_login_at) VALUES ('i1', 'o1', 'p1', 'wx1', 'oA', NULL, 3, 4);
INSERT INTO person_roles (person_id, organization_id, role, granted_at) VALUES ('p1', 'o1', 'staff', 5);
INSERT INTO events (id, organization_id, tag, name, starts_at, ends_at, time_zone, offsets, created_at) VALUES ('e1', 'o1', 7, '年会', 10, 20, 'Asia/Shanghai', '[]', 6);
INSERT INTO products (id, organization_id, event_id, number, name, created_at) VALUES ('r1', 'o1', 'e1', 1, '普通票', 7);
INSERT INTO check_in_lists (id, organization_id, event_id, name, settings, created_at) VALUES ('l1', 'o1', 'e1', '主入口', '{}', 8);
INSERT INTO tickets (id, organization_id, event_id, product_id, order_code, reference, position, attendee_name, name_folded, phone, seat, status, needs_approval, valid_from, valid_until, code, short_code, person_id, claimed_at, last_scanned_at, created_at, updated_at) VALUES ('t1', 'o1', 'e1', 'r1', 'D1', NULL, 1, '王小明', '王小明', NULL, NULL, 'valid', FALSE, NULL, NULL, 'C', '0123456789AB', 'p1', 9, NULL, 9, 9);
INSERT INTO check_ins (id, organization_id, event_id, list_id, ticket_id, nonce, request_hash, direction, status, force_sent, forced, actor_id, scanned_at, received_at, answer) VALUES ('c1', 'o1', 'e1', 'l1', 't1', 'n1', 'h', 'entry', 'ok', FALSE, FALSE, 'p1', 11, 11, '{}');
