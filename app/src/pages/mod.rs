//! One file per page. A page asks `api`, shows what it gets with `ui`, and decides nothing.

pub mod apps;
mod audit;
mod certificates;
mod closed;
pub mod costs;
mod frozen;
mod gallery;
mod home;
mod invitation;
mod loaded;
mod parts;
mod people;
mod permissions;
pub mod projects;
mod sessions;
mod sign_in;
pub mod teams;
pub mod tokens;

pub use audit::Audit;
pub use certificates::Certificates;
pub use closed::Closed;
pub use gallery::Gallery;
pub use home::Home;
pub use invitation::Invitation;
pub use people::People;
pub use permissions::Permissions;
pub use sessions::Sessions;
pub use sign_in::SignIn;
