//! Statements written by hand, for the few queries whose plan matters.

use sea_orm::{DbBackend, Statement, Value};

/// A statement and its values in step: the text before each value, and what follows the last.
#[derive(Default)]
pub struct Sql {
    before: Vec<String>,
    text: String,
    values: Vec<Value>,
}

impl Sql {
    /// Appends text of our own; values of people go through [`Sql::bind`].
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }
    /// Appends a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.before.push(std::mem::take(&mut self.text));
        self
    }
    /// The finished statement. PostgreSQL takes `$1`, `$2`, …; SQLite would, too, but looks each up by its name among all
    /// before it, and some statements have thousands.
    pub fn statement(self, backend: DbBackend) -> Statement {
        let mut text = String::new();
        for (n, before) in self.before.iter().enumerate() {
            text.push_str(before);
            match backend {
                DbBackend::Postgres => text.push_str(&format!("${}", n + 1)),
                _ => text.push('?'),
            }
        }
        text.push_str(&self.text);
        Statement::from_sql_and_values(backend, text, self.values)
    }
}

impl From<&str> for Sql {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}
