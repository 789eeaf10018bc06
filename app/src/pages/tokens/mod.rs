//! Tokens of an app and of oneself: the same table and the same form.

mod make;
mod of_app;
mod own;
mod table;

pub use of_app::AppTokens;
pub use own::OwnTokens;
