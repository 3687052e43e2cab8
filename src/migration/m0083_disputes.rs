//! Disputes over whose customer an organisation is (domain.md section 4, flow D), and what is shown for a claim.

super::step!(
    "m0083_disputes",
    "
CREATE TABLE mapping_dispute (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    service text NOT NULL,
    about text NOT NULL,
    statement text NOT NULL,
    status text NOT NULL,
    opened_by text NOT NULL,
    opened_at bigint NOT NULL,
    org_id {uuid},
    reason text NOT NULL,
    decided_by text,
    decided_at bigint,
    version bigint NOT NULL,
    request_key text NOT NULL,
    UNIQUE (partner_id, request_key)
);
CREATE INDEX mapping_dispute_of ON mapping_dispute (partner_id, id);
CREATE INDEX mapping_dispute_queue ON mapping_dispute (status, id);
CREATE TABLE dispute_evidence (
    dispute_id {uuid} PRIMARY KEY REFERENCES mapping_dispute (id),
    file_name text NOT NULL,
    media_type text NOT NULL,
    content {bytes} NOT NULL
)
",
    "
DROP TABLE dispute_evidence;
DROP TABLE mapping_dispute
"
);
