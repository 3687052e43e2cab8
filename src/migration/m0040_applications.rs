//! What the review of applications needs besides: names and mail domains to find duplicates by, the clock's state.

super::step!(
    "m0040_applications",
    "
ALTER TABLE application ADD COLUMN name_key text {c} NOT NULL DEFAULT '';
ALTER TABLE application ADD COLUMN mail_domain text {c} NOT NULL DEFAULT '';
ALTER TABLE application ADD COLUMN reminded integer NOT NULL DEFAULT 0;
ALTER TABLE application ADD COLUMN waiting_since bigint;
CREATE INDEX application_name ON application (name_key);
CREATE INDEX application_mail_domain ON application (mail_domain);
CREATE INDEX application_phone ON application (phone);
CREATE INDEX audit_event_target ON audit_event (org_id, target, seq)
",
    "
DROP INDEX audit_event_target;
DROP INDEX application_phone;
DROP INDEX application_mail_domain;
DROP INDEX application_name;
ALTER TABLE application DROP COLUMN waiting_since;
ALTER TABLE application DROP COLUMN reminded;
ALTER TABLE application DROP COLUMN mail_domain;
ALTER TABLE application DROP COLUMN name_key
"
);
