//! The trail as it is kept: the database refuses to change or delete events. Only their personal values may be erased
//! (their digests stay in `salt`), and only the oldest events of a chain may be cut off, once its head says so.
//!
//! Events are linked anew on the way, over digests with a salt for each value (`audit::chain`): the links before could
//! hide nothing of an event from those who may not see it. Nobody held such a link, for no way led it out.

use crate::audit::chain::{self, Sealed, VALUES};
use crate::kernel::{
    id::{AccountId, OrgId},
    instant::Instant,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExprTrait, QueryResult, Value};
use sea_orm_migration::prelude::*;

/// A table by chain, not by id: what is written for an organisation lies together. Of the filters of its page, two
/// concern few events, and their indexes hold only these: who did something without being the programme itself, and
/// what was done in a partner's name.
const TABLES: &str = "
ALTER TABLE audit_event RENAME TO audit_event_before;
CREATE TABLE audit_event (
    org_id {uuid} NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor text {c} NOT NULL,
    actor_id {uuid},
    acting_for {uuid},
    action text {c} NOT NULL,
    category text {c} GENERATED ALWAYS AS ({category}) {stored},
    target text {c} NOT NULL,
    detail text NOT NULL,
    ip text NOT NULL,
    salt text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT audit_event_chain PRIMARY KEY (org_id, seq)
) {clustered};
ALTER TABLE audit_head ADD COLUMN cut_seq bigint NOT NULL DEFAULT 0;
ALTER TABLE audit_head ADD COLUMN cut_hash text NOT NULL DEFAULT ''
";

const INDEXES: &str = "
DROP TABLE audit_event_before;
CREATE INDEX audit_event_at ON audit_event (org_id, at, seq);
CREATE INDEX audit_event_category ON audit_event (org_id, category, at, seq);
CREATE INDEX audit_event_target ON audit_event (org_id, target, at, seq);
CREATE INDEX audit_event_actor ON audit_event (org_id, actor, at, seq) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_event_acting ON audit_event (org_id, acting_for, at, seq) WHERE acting_for IS NOT NULL
";

/// What an update of an event may do: take values away, and leave their digests in `salt`.
const CHANGED: &str = "(NEW.org_id <> OLD.org_id OR NEW.seq <> OLD.seq OR NEW.at <> OLD.at OR \
    NEW.acting_for {differs} OLD.acting_for OR NEW.action <> OLD.action OR NEW.hash <> OLD.hash OR NEW.salt = OLD.salt \
    OR (NEW.actor <> OLD.actor AND NEW.actor <> '') \
    OR (NEW.actor_id {differs} OLD.actor_id AND NEW.actor_id IS NOT NULL) \
    OR (NEW.target <> OLD.target AND NEW.target <> '') OR (NEW.detail <> OLD.detail AND NEW.detail <> '') \
    OR (NEW.ip <> OLD.ip AND NEW.ip <> ''))";

/// A head goes on, and what is cut off stays cut off.
const BACK: &str = "(NEW.org_id <> OLD.org_id OR NEW.seq < OLD.seq OR (NEW.seq = OLD.seq AND NEW.hash <> OLD.hash) \
    OR NEW.cut_seq < OLD.cut_seq OR NEW.cut_seq > NEW.seq \
    OR (NEW.cut_seq = OLD.cut_seq AND NEW.cut_hash <> OLD.cut_hash))";

const CUT: &str = "OLD.seq <= (SELECT h.cut_seq FROM audit_head h WHERE h.org_id = OLD.org_id)";

const POSTGRES: &str = "
CREATE FUNCTION audit_event_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' AND {cut} THEN RETURN OLD; END IF; IF TG_OP = 'UPDATE' AND NOT {changed} THEN RETURN NEW; END IF; RAISE EXCEPTION 'kontor: audit_event keeps what it holds'; END $$;
CREATE TRIGGER audit_event_kept BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_guard();
CREATE TRIGGER audit_event_not_emptied BEFORE TRUNCATE ON audit_event EXECUTE FUNCTION kontor_refuse();
CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head FOR EACH ROW WHEN {back} EXECUTE FUNCTION kontor_refuse();
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION kontor_refuse();
CREATE TRIGGER audit_head_not_emptied BEFORE TRUNCATE ON audit_head EXECUTE FUNCTION kontor_refuse()
";

/// `INSERT OR REPLACE` deletes without asking the triggers for deletion, hence `audit_event_once`.
const SQLITE: &str = "
CREATE TRIGGER audit_event_not_changed BEFORE UPDATE ON audit_event WHEN {changed} BEGIN SELECT RAISE(ABORT, 'kontor: audit_event keeps what it holds'); END;
CREATE TRIGGER audit_event_not_deleted BEFORE DELETE ON audit_event WHEN NOT coalesce({cut}, 0) BEGIN SELECT RAISE(ABORT, 'kontor: audit_event keeps what it holds'); END;
CREATE TRIGGER audit_event_once BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event e WHERE e.org_id = NEW.org_id AND e.seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'kontor: audit_event keeps what it holds'); END;
CREATE TRIGGER audit_head_goes_on BEFORE UPDATE ON audit_head WHEN {back} BEGIN SELECT RAISE(ABORT, 'kontor: audit_head keeps what it holds'); END;
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'kontor: audit_head keeps what it holds'); END
";

/// Events copied at once.
const BATCH: u64 = 1_000;

/// This step of the schema.
pub struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0086_audit_kept"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let (category, stored, clustered, differs) = match postgres {
            true => ("split_part(action, '.', 1)", "STORED", "", "IS DISTINCT FROM"),
            false => {
                ("substr(action, 1, instr(action || '.', '.') - 1)", "VIRTUAL", "WITHOUT ROWID", "IS NOT")
            }
        };
        let tables = TABLES.replace("{category}", category).replace("{stored}", stored);
        super::run(manager, &tables.replace("{clustered}", clustered)).await?;
        copy(manager).await?;
        super::run(manager, INDEXES).await?;
        let guards = if postgres { POSTGRES } else { SQLITE };
        let guards = guards.replace("{changed}", CHANGED).replace("{back}", BACK).replace("{cut}", CUT);
        super::run(manager, &guards.replace("{differs}", differs)).await
    }

    /// The events stay, with the links they have now.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let id = if postgres { "gen_random_uuid()" } else { "randomblob(16)" };
        super::run(
            manager,
            &format!(
                "
ALTER TABLE audit_event RENAME TO audit_event_after;
CREATE TABLE audit_event (
    id {{uuid}} PRIMARY KEY,
    org_id {{uuid}} NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    actor text NOT NULL,
    actor_id {{uuid}},
    acting_for {{uuid}},
    action text NOT NULL,
    target text NOT NULL,
    detail text NOT NULL,
    ip text NOT NULL,
    salt text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    UNIQUE (org_id, seq)
);
INSERT INTO audit_event SELECT {id}, org_id, seq, at, actor, actor_id, acting_for, action, target, detail, ip, salt, '', hash FROM audit_event_after;
DROP TABLE audit_event_after;
CREATE INDEX audit_event_acting ON audit_event (org_id, acting_for, seq);
CREATE INDEX audit_event_target ON audit_event (org_id, target, seq);
{}
ALTER TABLE audit_head DROP COLUMN cut_seq;
ALTER TABLE audit_head DROP COLUMN cut_hash
",
                match postgres {
                    true =>
                        "DROP FUNCTION audit_event_guard;
DROP TRIGGER audit_head_goes_on ON audit_head;
DROP TRIGGER audit_head_kept ON audit_head;
DROP TRIGGER audit_head_not_emptied ON audit_head;",
                    false =>
                        "DROP TRIGGER audit_head_goes_on;
DROP TRIGGER audit_head_kept;",
                }
            ),
        )
        .await
    }
}

/// Copies the events, chain by chain, and links them anew.
async fn copy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let columns = [
        "org_id",
        "seq",
        "at",
        "actor",
        "actor_id",
        "acting_for",
        "action",
        "target",
        "detail",
        "ip",
        "salt",
    ];
    let mut place: Option<(OrgId, i64)> = None;
    let mut hash = String::new();
    loop {
        let mut select = Query::select();
        select.columns(columns).from("audit_event_before").limit(BATCH);
        select.order_by("org_id", Order::Asc).order_by("seq", Order::Asc);
        if let Some((org, seq)) = place {
            let of = Expr::tuple([Expr::col("org_id"), Expr::col("seq")]);
            select.and_where(of.gt(Expr::tuple([Expr::value(org), Expr::value(seq)])));
        }
        let rows = db.query_all(&select).await?;
        if rows.is_empty() {
            return head(db, place, hash).await;
        }
        let mut insert = Query::insert();
        insert.into_table("audit_event").columns(columns.into_iter().chain(["hash"]));
        for row in rows {
            let (org, seq): (OrgId, i64) = (row.try_get("", "org_id")?, row.try_get("", "seq")?);
            if place.is_none_or(|(before, _)| before != org) {
                head(db, place, std::mem::take(&mut hash)).await?;
            }
            let event = Event::read(&row)?;
            hash = chain::link(&hash, &org.to_string(), seq, &event.content());
            place = Some((org, seq));
            let Event { at, actor, actor_id, acting_for, action, target, detail, ip, salt } = event;
            let values: [Value; 12] = [
                org.into(),
                seq.into(),
                at.into(),
                actor.into(),
                actor_id.into(),
                acting_for.into(),
                action.into(),
                target.into(),
                detail.into(),
                ip.into(),
                salt.into(),
                hash.clone().into(),
            ];
            insert.values(values.map(Expr::value)).map_err(|error| DbErr::Migration(error.to_string()))?;
        }
        db.execute(&insert).await?;
    }
}

/// Writes the last link of a chain into its head.
async fn head(db: &impl ConnectionTrait, place: Option<(OrgId, i64)>, hash: String) -> Result<(), DbErr> {
    let Some((org, _)) = place else { return Ok(()) };
    let mut update = Query::update();
    update.table("audit_head").value("hash", hash).and_where(Expr::col("org_id").eq(Expr::value(org)));
    db.execute(&update).await?;
    Ok(())
}

/// An event as this step finds it.
struct Event {
    at: Instant,
    actor: String,
    actor_id: Option<AccountId>,
    acting_for: Option<OrgId>,
    action: String,
    target: String,
    detail: String,
    ip: String,
    salt: String,
}

impl Event {
    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            at: row.try_get("", "at")?,
            actor: row.try_get("", "actor")?,
            actor_id: row.try_get("", "actor_id")?,
            acting_for: row.try_get("", "acting_for")?,
            action: row.try_get("", "action")?,
            target: row.try_get("", "target")?,
            detail: row.try_get("", "detail")?,
            ip: row.try_get("", "ip")?,
            salt: row.try_get("", "salt")?,
        })
    }

    fn content(&self) -> chain::Digest {
        let account = self.actor_id.map(|id| id.to_string()).unwrap_or_default();
        let values = [&self.actor, &account, &self.target, &self.detail, &self.ip];
        let digests: [_; VALUES.len()] = std::array::from_fn(|i| {
            Sealed::Open { salt: chain::salt(&self.salt, i), value: values[i].clone() }.digest()
        });
        chain::content(self.at, self.acting_for, &self.action, &digests)
    }
}
