//! What this room keeps, and the only places that read and write it. The statements are written by hand: they run over
//! millions of rows, and their plans matter.

pub mod check;
pub mod journal;
pub mod line;
pub mod sum;
pub mod write;

use super::{Account, EVERYBODY};
use crate::{kernel::id::OrgId, mapping::rows::sql::Sql};
use sea_orm::DbBackend;

/// Appends `(a, b, …)` of the accounts' keys.
fn list(sql: &mut Sql, accounts: &[Account]) {
    for (n, account) in accounts.iter().enumerate() {
        sql.push(if n == 0 { "(" } else { ", " }).bind(account.key());
    }
    sql.push(if accounts.is_empty() { "(NULL)" } else { ")" });
}

/// [`EVERYBODY`], spelled out.
fn everybody(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "'00000000-0000-0000-0000-000000000000'::uuid",
        _ => "x'00000000000000000000000000000000'",
    }
}

/// Appends what restricts entries `e` to an owner's; nothing for [`EVERYBODY`].
fn owned(sql: &mut Sql, owner: OrgId) {
    if owner != EVERYBODY {
        sql.push(" AND e.owner_id = ").bind(owner);
    }
}
