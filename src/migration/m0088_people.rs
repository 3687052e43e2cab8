//! An organisation's people in depth: who holds a licence, further addresses, groups (domain.md section 6).

super::step!(
    "m0088_people",
    "
ALTER TABLE member ADD COLUMN licensed boolean NOT NULL DEFAULT true;
CREATE INDEX member_licensed ON member (org_id, licensed);
CREATE TABLE user_group (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    name text NOT NULL,
    sort_key text {c} NOT NULL,
    description text NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    UNIQUE (org_id, sort_key)
);
CREATE TABLE group_member (
    group_id {uuid} NOT NULL REFERENCES user_group (id),
    member_id {uuid} NOT NULL REFERENCES member (id),
    added_at bigint NOT NULL,
    PRIMARY KEY (group_id, member_id)
);
CREATE INDEX group_member_person ON group_member (member_id);
CREATE TABLE org_address (
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    address text {c} NOT NULL,
    member_id {uuid} REFERENCES member (id),
    group_id {uuid} REFERENCES user_group (id),
    created_at bigint NOT NULL,
    PRIMARY KEY (org_id, address),
    CHECK ((member_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX org_address_member ON org_address (member_id);
CREATE INDEX org_address_group ON org_address (group_id)
",
    "
DROP TABLE org_address;
DROP TABLE group_member;
DROP TABLE user_group;
DROP INDEX member_licensed;
ALTER TABLE member DROP COLUMN licensed
"
);
