//! `kontor backup FILE`.

use crate::{
    config::Checked,
    start::{self, StartError, private_file},
};
use sea_orm::ConnectionTrait;
use std::{fs, path::Path};

/// Copies the database as it is at this moment; the programme may go on meanwhile.
pub async fn run(config: &Checked, file: &Path) -> Result<(), StartError> {
    let fail = |what: String| StartError::Command(format!("backup: {what}"));
    // Connecting would make it: an empty file is no backup of anything.
    if let Some(missing) = config.sqlite_file().filter(|path| !path.exists()) {
        return Err(fail(format!("there is no database {}", missing.display())));
    }
    let db = start::database(config).await?;
    if db.is_postgres() {
        return Err(fail(
            "PostgreSQL is backed up by its own tool: pg_dump --format=custom --file=FILE".into(),
        ));
    }
    let path = file.to_str().ok_or_else(|| fail("the file's name is not UTF-8".into()))?;
    // Made here, readable by the owner only: SQLite fills an empty file, and keeps its rights.
    private_file().create_new(true).open(file).map_err(|error| fail(format!("{path}: {error}")))?;
    let copied = db.read().execute_unprepared(&format!("VACUUM INTO '{}'", path.replace('\'', "''"))).await;
    if let Err(error) = copied {
        // Half a backup is none; if it cannot be removed either, the message below is what counts.
        let _ = fs::remove_file(file);
        return Err(fail(error.to_string()));
    }
    fs::File::open(file).and_then(|f| f.sync_all()).map_err(|error| fail(format!("{path}: {error}")))?;
    println!("backed up to {path}");
    println!("keep {} with it: without this key its secrets do not open", config.raw.secret_file.display());
    Ok(())
}
