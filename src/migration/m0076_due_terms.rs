//! Indexes for terms that are due: what made the term that ends, and how a partner stands to a console once its grant is
//! over. Both were looked for among all rows of their tables.

super::step!(
    "m0076_due_terms",
    "
CREATE INDEX subscription_change_term ON subscription_change (subscription_id, effective_on, id)
    WHERE status = 'applied';
CREATE INDEX access_grant_of ON access_grant (org_id, partner_id, from_at, id)
",
    "
DROP INDEX access_grant_of;
DROP INDEX subscription_change_term
"
);
