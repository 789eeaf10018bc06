//! One file per page. A page asks `api`, shows what it gets with `ui`, and decides nothing.

pub mod apps;
mod gallery;
mod home;
mod loaded;
mod parts;
pub mod projects;
mod sign_in;

pub use gallery::Gallery;
pub use home::Home;
pub use sign_in::SignIn;
