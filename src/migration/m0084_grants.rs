//! Terms of grants, requests for them, and the vendor's way in without consent (domain.md section 6).

super::step!(
    "m0084_grants",
    "
ALTER TABLE access_grant ADD COLUMN kind text NOT NULL DEFAULT 'agreed';
ALTER TABLE access_grant ADD COLUMN days bigint NOT NULL DEFAULT 365;
ALTER TABLE access_grant ADD COLUMN renewal text NOT NULL DEFAULT 'customer';
ALTER TABLE access_grant ADD COLUMN reason text NOT NULL DEFAULT '';
UPDATE access_grant SET capabilities = replace(capabilities, 'users.edit', 'users.edit users.suspend');
CREATE TABLE access_request (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL,
    partner_id {uuid} NOT NULL,
    capabilities text NOT NULL,
    days bigint NOT NULL,
    renewal text NOT NULL,
    note text NOT NULL,
    status text NOT NULL,
    asked_by text NOT NULL,
    asked_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    reminded boolean NOT NULL,
    decided_at bigint,
    decided_by text
);
CREATE UNIQUE INDEX access_request_open ON access_request (org_id, partner_id) WHERE status = 'open';
CREATE INDEX access_request_of ON access_request (org_id, partner_id, asked_at, id);
ALTER TABLE mapping_token ADD COLUMN capabilities text NOT NULL DEFAULT '';
ALTER TABLE mapping_token ADD COLUMN days bigint NOT NULL DEFAULT 365;
ALTER TABLE mapping_token ADD COLUMN renewal text NOT NULL DEFAULT 'customer';
UPDATE mapping_token SET capabilities = 'org.view org.edit users.view users.edit users.suspend domains.view domains.edit subscription.view activity.view' WHERE access;
ALTER TABLE mapping_token DROP COLUMN access
",
    "
ALTER TABLE mapping_token ADD COLUMN access boolean NOT NULL DEFAULT false;
UPDATE mapping_token SET access = true WHERE capabilities <> '';
ALTER TABLE mapping_token DROP COLUMN renewal;
ALTER TABLE mapping_token DROP COLUMN days;
ALTER TABLE mapping_token DROP COLUMN capabilities;
DROP TABLE access_request;
UPDATE access_grant SET capabilities = replace(capabilities, ' users.suspend', '');
ALTER TABLE access_grant DROP COLUMN reason;
ALTER TABLE access_grant DROP COLUMN renewal;
ALTER TABLE access_grant DROP COLUMN days;
ALTER TABLE access_grant DROP COLUMN kind
"
);
