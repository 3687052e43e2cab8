//! What debtors have on account: credit that their next invoices are paid from.

super::step!(
    "m0078_credit",
    "
CREATE TABLE account_credit (
    debtor_id {uuid} NOT NULL REFERENCES organisation (id),
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    amount bigint NOT NULL,
    PRIMARY KEY (debtor_id, entity, currency)
)
",
    "DROP TABLE account_credit"
);
