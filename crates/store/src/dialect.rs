use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// Which of the two databases a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Where the two differ: the name in a statement, what SQLite gets, what PostgreSQL gets.
const FRAGMENTS: &[(&str, &str, &str)] =
    // `in (select value from {each}($1{json}))`: a list of any length is one placeholder.
    &[("{each}", "json_each", "json_array_elements_text"), ("{json}", "", "::json")];

impl Dialect {
    /// The statement with every `{fragment}` filled in.
    pub(crate) fn render(self, sql: &'static str) -> SqlStr {
        if !sql.contains('{') {
            return sql.into_sql_str();
        }
        let rendered = FRAGMENTS.iter().fold(sql.to_owned(), |text, (name, sqlite, postgres)| {
            text.replace(name, if self == Self::Sqlite { sqlite } else { postgres })
        });
        // Safe: both halves are constants of this crate, nothing from outside is in them.
        AssertSqlSafe(rendered).into_sql_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_gets_its_own_words() {
        let sql = "select 1 where $1 in (select value from {each}($2{json}))";
        assert_eq!(Dialect::Sqlite.render(sql).as_str(), "select 1 where $1 in (select value from json_each($2))");
        assert_eq!(
            Dialect::Postgres.render(sql).as_str(),
            "select 1 where $1 in (select value from json_array_elements_text($2::json))"
        );
    }
}
