//! A partner renews its access to many customers at once: its grants by their end.

super::step!(
    "m0093_renewing_access",
    "
CREATE INDEX access_grant_ending ON access_grant (partner_id, status, until_at, id)
",
    "
DROP INDEX access_grant_ending
"
);
