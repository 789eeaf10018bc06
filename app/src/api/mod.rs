//! What pages ask the server for: one file per noun. Each function takes who asks from the request, calls one operation of
//! `platform` and returns its answer.
//!
//! Pages reach the functions by [`ask`] and [`Form`](crate::ui::Form), which are the same code for all of them: a client
//! made anew for each function would be the larger part of what a browser downloads.

pub mod apps;
pub mod audit;
#[cfg(not(feature = "ssr"))]
mod browser;
pub mod certificates;
mod compact;
pub mod costs;
pub mod deploys;
pub mod domains;
mod error;
pub mod gate;
pub mod home;
pub mod images;
pub mod invitations;
pub mod logs;
pub mod people;
pub mod projects;
pub mod question;
pub mod rates;
pub mod releases;
pub mod routes;
pub mod secrets;
#[cfg(feature = "ssr")]
mod server;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod teams;
pub mod tokens;

#[cfg(not(feature = "ssr"))]
use browser as side;
pub use compact::Compact;
pub use error::{ApiError, Result};
pub use question::{Answer, Question, ask, read};
#[cfg(feature = "ssr")]
use server as side;
pub use side::{area_text, ask as ask_text, refused_before, send_form, set_forbidden, set_not_found};
