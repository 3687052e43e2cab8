//! What follows when an invoice is not paid: who asked for a payment, what banks took back, and whose customers are told of it.

/// A payment somebody asked for has the key of its form. `taken_back`: revenue of an invoice that a bank took back and that
/// was not paid anew. A flag stands on the subscription, and on the list's row for its card.
const UP: &str = "
ALTER TABLE payment ADD COLUMN request_key text {c};
CREATE UNIQUE INDEX payment_key ON payment (request_key);
ALTER TABLE invoice_state ADD COLUMN taken_back bigint NOT NULL DEFAULT 0;
ALTER TABLE subscription ADD COLUMN flagged_at bigint;
ALTER TABLE customer ADD COLUMN flagged boolean NOT NULL DEFAULT false
";

const DOWN: &str = "
ALTER TABLE customer DROP COLUMN flagged;
ALTER TABLE subscription DROP COLUMN flagged_at;
ALTER TABLE invoice_state DROP COLUMN taken_back;
DROP INDEX payment_key;
ALTER TABLE payment DROP COLUMN request_key
";

super::step!("m0077_debts", UP, DOWN);
